"""Sanitize an untrusted image: decode it once, and encode only its pixels.

This runs in a decoder, without Django.
"""

import io
from typing import Any, NamedTuple

from PIL import Image

from imaging import animation
from imaging.decode import STORED_FORMATS, first_frame, image_errors, open_image
from imaging.errors import ImageError, Reason, check_pixels
from imaging.formats.source import MAX_PIXELS, Source
from imaging.pixels import Pixels, has_few_colours, needed_size, pixels_of

# In thumbnails, a longer strip would be only a few pixels wide.
MAX_RATIO = 30
# Cropping the thumbnail of a longer photo would first scale it up to a huge image.
MAX_PHOTO_RATIO = 5
# Pages show photos with up to 360 pixels. This suffices for screens with three times the density.
PHOTO_SIZE = (1080, 1080)
# Lossless encoding makes a few images many times larger than the upload.
MAX_KEPT_BYTES = 30 * 1024 * 1024
# Encoding noise as WebP takes ten bytes of memory for each byte of output.
MAX_WRITTEN_WEBP_PIXELS = 6_000_000
# A single pixel, for those who need no thumbnails.
SMALLEST = (1, 1)
ENCODERS: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
}


class Result(NamedTuple):
    """An encoded image with its extension as the format, or only the pixels for thumbnails."""

    data: bytes
    format: str
    width: int
    height: int
    is_animated: bool
    pixels: Pixels

    def packed(self) -> tuple[dict[str, Any], bytes]:
        """Return it as a message from a decoder."""
        head = self._asdict() | {"data": len(self.data), "pixels": self.pixels._asdict()}
        return head, self.data + head["pixels"].pop("data")

    @classmethod
    def unpacked(cls, head: dict[str, Any], body: bytes | bytearray) -> "Result":
        """Return what a decoder packed; TypeError or KeyError if it is not that."""
        length, view = head.pop("data"), memoryview(body)
        pixels = Pixels(bytes(view[length:]), **head.pop("pixels"))
        return cls(bytes(view[:length]), pixels=pixels, **head)


def sanitize(data: bytes, fit: tuple[int, int] = SMALLEST, cover: int = 1) -> Result:
    """Return an image upright, in sRGB, without metadata, and the pixels for its thumbnails.

    An animation becomes a WebP.
    """
    with open_image(data) as source:
        _check_ratio(source, MAX_RATIO)
        is_animated = source.count > 1
        if is_animated:
            animation.check_length(source)
        image = first_frame(source)
        size, extension = image.size, "webp" if is_animated else _extension(source, image)
        is_lossless = extension != "jpg" and has_few_colours(image)
        # This comes first, because encoding takes more memory.
        pixels = pixels_of(image, size, fit, cover, is_lossless=is_lossless)
        if is_animated:
            del image
            encoded = animation.encode(source)
        else:
            without_losses = extension == "webp" and source.is_lossless and is_lossless
            options = {"lossless": True} if without_losses else {}
            encoded = _encoded(image, **ENCODERS[extension], **options)
        if len(encoded) > MAX_KEPT_BYTES:
            raise ImageError(Reason.TOO_COSTLY)
        return Result(encoded, extension, *size, is_animated, pixels)


def preview(
    data: bytes, size: tuple[int, int], fit: tuple[int, int] = SMALLEST, cover: int = 1
) -> Result:
    """Return a small WebP of an image, without decoding more than needed."""
    with open_image(data, size) as source:
        _check_ratio(source, MAX_RATIO)
        if source.count > 1:
            animation.check_length(source)
        return _small(source, size, 75, fit, cover)


def sanitize_photo(data: bytes, fit: tuple[int, int] = SMALLEST, cover: int = 1) -> Result:
    """Return a photo as a WebP, upright, in sRGB, without metadata."""
    with open_image(data, PHOTO_SIZE) as source:
        _check_ratio(source, MAX_PHOTO_RATIO)
        return _small(source, PHOTO_SIZE, 88, fit, cover)


def pixels(data: bytes, fit: tuple[int, int] = SMALLEST, cover: int = 1) -> Result:
    """Return the pixels for thumbnails of a stored original."""
    with image_errors(), Image.open(io.BytesIO(data), formats=STORED_FORMATS) as image:
        size = image.size
        check_pixels(size, MAX_PIXELS)
        image.draft(None, needed_size(size, fit, cover))
        is_lossless = image.format != "JPEG" and has_few_colours(image)
        found = pixels_of(image, size, fit, cover, is_lossless=is_lossless)
    return Result(b"", "", *size, is_animated=False, pixels=found)


def _check_ratio(source: Source, ratio: int) -> None:
    if max(source.size) > ratio * min(source.size):
        raise ImageError(Reason.TOO_NARROW)


def _extension(source: Source, image: Image.Image) -> str:
    """Return the extension of the format in which an image is stored."""
    extension = source.extension
    if extension == "jpg" and image.mode == "RGBA":
        extension = "webp"
    if extension == "webp" and image.width * image.height > MAX_WRITTEN_WEBP_PIXELS:
        extension = "png" if image.mode == "RGBA" else "jpg"
    return extension


def _small(
    source: Source, size: tuple[int, int], quality: int, fit: tuple[int, int], cover: int
) -> Result:
    image = first_frame(source)
    is_lossless = source.is_lossless and has_few_colours(image)
    image.thumbnail(size)
    encoded = _encoded(image, format="WEBP", quality=quality, lossless=is_lossless)
    pixels = pixels_of(image, image.size, fit, cover, is_lossless=is_lossless)
    return Result(encoded, "webp", *image.size, is_animated=False, pixels=pixels)


def _encoded(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()
