"""Images as they may be kept: sanitized by a decoder."""

from dataclasses import dataclass, field
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imaging import jobs
from imaging.errors import Reason
from people import quota

MAX_BYTES = 15 * 1024 * 1024

# Written without loss, a few images become many times as large as they came.
MAX_KEPT_BYTES = 2 * MAX_BYTES

TOO_HEAVY = _("This image is larger than 15 MB. Choose a smaller one.")
TOO_NARROW = _("This image is more than thirty times as long as it is wide. Choose another.")
TOO_LONG = _("This animation is too large or too long. Choose a smaller or a shorter one.")
MESSAGES = {Reason.TOO_NARROW: TOO_NARROW, Reason.TOO_LONG: TOO_LONG}


@dataclass(frozen=True)
class SanitizedImage:
    """An image that may be kept: its bytes, and what they hold."""

    data: bytes
    extension: str
    width: int
    height: int
    is_animated: bool
    # The digest of the bytes of which it was made.
    received: str = field(default="", compare=False)


def digest_of(data: bytes) -> str:
    """Return 136 bits of SHA-256, as many as the names of files held in earlier versions."""
    return sha256(data).hexdigest()[:34]


def sanitize(data: bytes) -> SanitizedImage:
    """Return an image upright, in sRGB, without metadata, an animation as WebP.

    ValidationError if it is over 15 MB or 40 megapixels, not just an image, or too much for a day.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    quota.count(len(data))
    image = SanitizedImage(*jobs.run("sanitize", data, MESSAGES), received=digest_of(data))
    if len(image.data) > MAX_KEPT_BYTES:
        raise ValidationError(jobs.TOO_COSTLY)
    if len(image.data) > len(data):
        # It takes as much of the disk as what is kept.
        quota.count(len(image.data) - len(data))
    return image


def preview(data: bytes, size: tuple[int, int]) -> SanitizedImage:
    """Return a small picture of an image, without looking at all of it."""
    return SanitizedImage(*jobs.run("preview", data, MESSAGES, size=size))
