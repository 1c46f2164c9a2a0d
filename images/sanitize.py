"""Sanitize images before they are stored."""

from dataclasses import dataclass, field
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.perceptual_hash import PIXELS_OF_HASH
from images.thumbnails import NEEDED_PIXELS
from imaging import jobs
from imaging.errors import Reason
from imaging.pixels import Pixels
from imaging.sanitize import MAX_KEPT_BYTES
from people import quota

MAX_BYTES = 15 * 1024 * 1024

TOO_HEAVY = _("This image is larger than 15 MB. Choose a smaller one.")
TOO_NARROW = _("This image is more than thirty times as long as it is wide. Choose another.")
TOO_LONG = _("This animation is too large or too long. Choose a smaller or a shorter one.")
MESSAGES = {Reason.TOO_NARROW: TOO_NARROW, Reason.TOO_LONG: TOO_LONG}


@dataclass(frozen=True)
class SanitizedImage:
    """A sanitized image that can be stored."""

    data: bytes
    extension: str
    width: int
    height: int
    is_animated: bool
    # What its thumbnails are drawn from.
    pixels: Pixels = field(compare=False, repr=False)
    # The digest of the bytes that it was made from.
    received: str = field(default="", compare=False)


def digest_of(data: bytes) -> str:
    """Return 136 bits of SHA-256, as in the file names of earlier versions."""
    return sha256(data).hexdigest()[:34]


def sanitize(data: bytes) -> SanitizedImage:
    """Return an image upright, in sRGB, without metadata, an animation as WebP.

    ValidationError over 15 MB or the daily quota, or if it is damaged, too large or not an image.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    quota.count(len(data))
    result = jobs.run("sanitize", data, MESSAGES, **NEEDED_PIXELS)
    image = SanitizedImage(*result, received=digest_of(data))
    if len(image.data) > MAX_KEPT_BYTES:
        raise ValidationError(jobs.TOO_COSTLY)
    if len(image.data) > len(data):
        # The quota is about the disk, so the larger size counts.
        quota.count(len(image.data) - len(data))
    return image


def preview(data: bytes, size: tuple[int, int]) -> SanitizedImage:
    """Return a small version of an image, without decoding all of it."""
    small = jobs.run("preview", data, MESSAGES, size=size, **PIXELS_OF_HASH)
    return SanitizedImage(*small, received=digest_of(data))
