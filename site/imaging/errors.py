"""The reasons for refusing an image, as codes that a decoder can send."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason for refusing an image."""

    NOT_AN_IMAGE = "not-an-image"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_NARROW = "too-narrow"
    TOO_LONG = "too-long"
    TOO_COSTLY = "too-costly"
    # Files of a kind that Magpie knows and does not read.
    ARCHIVE = "archive"
    BMP = "bmp"
    ICON = "icon"
    JPEG_2000 = "jpeg-2000"
    JPEG_XL = "jpeg-xl"
    PDF = "pdf"
    PHOTOSHOP = "photoshop"
    POSTSCRIPT = "postscript"
    RAW = "raw"
    SOUND = "sound"
    SVG = "svg"
    TIFF = "tiff"
    VIDEO = "video"
    WEB_PAGE = "web-page"


# What an error may state: the megapixels of an image, and how many are read.
NUMBERS = {"megapixels", "limit"}


class ImageError(Exception):
    """An image cannot be accepted. The numbers say by how much it exceeds a limit."""

    def __init__(self, reason: Reason, **numbers: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers


def check_pixels(size: tuple[int, int], limit: float) -> None:
    """Refuse an image with more pixels than `limit`."""
    pixels = size[0] * size[1]
    if pixels > limit:
        # An image that is just too large must not seem to have as many as the limit.
        megapixels = max(-(-pixels // 1_000_000), 1)
        raise ImageError(
            Reason.TOO_MANY_PIXELS, megapixels=megapixels, limit=int(limit // 1_000_000)
        )
