"""Run decoder jobs for the site, with error messages for refused images."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from imaging import pool
from imaging.admission import decoding
from imaging.errors import ImageError, Reason
from imaging.pixels import Pixels
from imaging.sanitize import Result

# What file inputs accept.
MEDIA_TYPES = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif"
NOT_AN_IMAGE = _(
    "This is not an image that Magpie can read. Choose a JPEG, PNG, WebP, GIF, AVIF or HEIC."
)
DAMAGED = _("This file is damaged or incomplete. Choose another, or download it again.")
TOO_LARGE = _(
    "This image has %(megapixels)s megapixels. Magpie reads up to %(limit)s in a file like this. "
    "Choose a smaller one."
)
TOO_COSTLY = _(
    "This image takes too much time or too much memory to read. Choose a smaller one, "
    "or export it as a new file first."
)
MESSAGES: Mapping[Reason, StrOrPromise] = {
    Reason.NOT_AN_IMAGE: NOT_AN_IMAGE,
    Reason.DAMAGED: DAMAGED,
    Reason.TOO_MANY_PIXELS: TOO_LARGE,
    Reason.TOO_COSTLY: TOO_COSTLY,
    Reason.ARCHIVE: _("This is an archive. Unpack it and choose an image."),
    Reason.BMP: _("This is a BMP image. Save it as PNG."),
    Reason.ICON: _("This is an icon file. Save the icon as PNG."),
    Reason.JPEG_2000: _("This is a JPEG 2000 image. Export it as JPEG or PNG."),
    Reason.JPEG_XL: _("This is a JPEG XL image. Export it as JPEG or PNG."),
    Reason.PDF: _("This is a PDF document. Export the page as PNG."),
    Reason.PHOTOSHOP: _("This is a Photoshop file. Export it as PNG."),
    Reason.POSTSCRIPT: _("This is a PostScript drawing. Export it as PNG."),
    Reason.RAW: _("This is a raw photo. Export it as JPEG."),
    Reason.SOUND: _("This is a sound file. Choose an image."),
    Reason.SVG: _("This is an SVG drawing. Export it as PNG."),
    Reason.TIFF: _("This is a TIFF image or a raw photo. Export it as JPEG or PNG."),
    Reason.VIDEO: _("This is a video. Choose an image, such as a screenshot of it."),
    Reason.WEB_PAGE: _("This is a web page. Choose an image."),
}


def run(
    job: str, data: bytes, messages: Mapping[Reason, StrOrPromise] = MESSAGES, **options: Any
) -> Result:
    """Run a job; ValidationError if it refuses the image, with the text in `messages` if any."""
    try:
        with decoding():
            return pool.run(job, data, **options)
    except ImageError as error:
        message = {**MESSAGES, **messages}[error.reason]
        raise ValidationError(message, params=error.numbers or None) from error


def pixels_in(data: bytes, fit: tuple[int, int], cover: int) -> Pixels:
    """Return the pixels of a stored original that its thumbnails need."""
    return run("pixels", data, fit=fit, cover=cover).pixels
