"""Run decoder jobs for the site, with error messages for refused images."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from PIL import Image

from imaging import pool
from imaging.admission import decoding
from imaging.errors import ImageError, Reason
from imaging.sanitize import Result

NOT_AN_IMAGE = _("This is not an image that Magpie can read. Choose a JPEG, PNG, WebP or GIF.")
TOO_LARGE = _("This image has more than 40 megapixels. Choose a smaller one.")
TOO_LARGE_WEBP = _("This WebP has more than 20 megapixels. Choose a smaller one, or a JPEG.")
TOO_COSTLY = _(
    "This image takes too much time or too much memory to read. Choose a smaller one, "
    "or export it as a new file first."
)
MESSAGES = {
    Reason.NOT_AN_IMAGE: NOT_AN_IMAGE,
    Reason.TOO_MANY_PIXELS: TOO_LARGE,
    Reason.TOO_MANY_WEBP_PIXELS: TOO_LARGE_WEBP,
    Reason.TOO_COSTLY: TOO_COSTLY,
}


def run(
    job: str, data: bytes, messages: Mapping[Reason, StrOrPromise] = MESSAGES, **options: Any
) -> Result:
    """Run a job; ValidationError if it refuses the image, with the text in `messages` if any."""
    try:
        with decoding():
            return pool.run(job, data, **options)
    except ImageError as error:
        raise ValidationError({**MESSAGES, **messages}[error.reason]) from error


def thumbnail_source(
    source: File[bytes], size: tuple[int, int], crop: object = False, **options: Any
) -> Image.Image:
    """Open an original for easy-thumbnails: the first frame, no larger than the thumbnail needs."""
    pixels = run("reduce", source.read(), size=size, crop=bool(crop))
    return Image.frombytes(pixels.format, (pixels.width, pixels.height), pixels.data)
