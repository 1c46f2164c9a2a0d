"""Sanitize an untrusted image: decode it once, and encode only its pixels.

This runs in a decoder, without Django.
"""

import io
from typing import Any, NamedTuple

from PIL import Image

from imaging import animation
from imaging.decode import STORED_FORMATS, first_frame, fitted, image_errors, open_image
from imaging.errors import ImageError, Reason, check_pixels
from imaging.formats.source import MAX_PIXELS, Source

# In thumbnails, a longer strip would be only a few pixels wide.
MAX_RATIO = 30
# Cropping the thumbnail of a longer photo would first scale it up to a huge image.
MAX_PHOTO_RATIO = 5
# Pages show photos with up to 360 pixels. This suffices for screens with three times the density.
PHOTO_SIZE = (1080, 1080)
# Encoding noise as WebP takes ten bytes of memory for each byte of output.
MAX_WRITTEN_WEBP_PIXELS = 6_000_000
# Drawings and screenshots have few colours. Losses would blur their edges.
MAX_FEW_COLOURS = 256
ENCODERS: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
}


class Result(NamedTuple):
    """An encoded image with its extension as the format, or raw pixels with their mode as it."""

    data: bytes
    format: str
    width: int
    height: int
    is_animated: bool = False
    # Whether a thumbnail of it must have no losses either.
    is_lossless: bool = False


def sanitize(data: bytes) -> Result:
    """Return an image upright, in sRGB, without metadata; an animation becomes a WebP."""
    with open_image(data) as source:
        _check_ratio(source, MAX_RATIO)
        if source.count > 1:
            encoded, size = animation.encode(source)
            return Result(encoded, "webp", *size, is_animated=True)
        return _still(source)


def preview(data: bytes, size: tuple[int, int]) -> Result:
    """Return a small WebP of an image, without decoding more than needed."""
    with open_image(data, size) as source:
        _check_ratio(source, MAX_RATIO)
        if source.count > 1:
            animation.check_length(source)
        return _small(source, size, quality=75)


def sanitize_photo(data: bytes) -> Result:
    """Return a photo as a WebP, upright, in sRGB, without metadata."""
    with open_image(data, PHOTO_SIZE) as source:
        _check_ratio(source, MAX_PHOTO_RATIO)
        return _small(source, PHOTO_SIZE, quality=88)


def reduce(data: bytes, size: tuple[int, int], crop: bool) -> Result:
    """Return the pixels of an original's first frame, no larger than a thumbnail needs."""
    with image_errors(), Image.open(io.BytesIO(data), formats=STORED_FORMATS) as image:
        check_pixels(image.size, MAX_PIXELS)
        wanted = size if crop else fitted(image.size, size)
        image.draft(None, wanted)
        mode = "RGBA" if image.has_transparency_data else "RGB"
        converted = image if image.mode == mode else image.convert(mode)
        is_lossless = image.format != "JPEG" and _has_few_colours(converted)
        # The reduced image must still cover the wanted size on both sides.
        sides = zip(converted.size, wanted, strict=True)
        factor = min(side // wanted_side for side, wanted_side in sides)
        reduced = converted.reduce(max(factor, 1))
    if not crop:
        # A JPEG decoded at a reduced size has lost the exact ratio that the thumbnail needs.
        reduced = reduced.resize(wanted, Image.Resampling.LANCZOS)
    return Result(reduced.tobytes(), reduced.mode, *reduced.size, is_lossless=is_lossless)


def _check_ratio(source: Source, ratio: int) -> None:
    if max(source.size) > ratio * min(source.size):
        raise ImageError(Reason.TOO_NARROW)


def _has_few_colours(image: Image.Image) -> bool:
    return image.getcolors(MAX_FEW_COLOURS) is not None


def _still(source: Source) -> Result:
    image = first_frame(source)
    extension, options = source.extension, {}
    if extension == "jpg" and image.mode == "RGBA":
        extension = "webp"
    if extension == "webp" and image.width * image.height > MAX_WRITTEN_WEBP_PIXELS:
        extension = "png" if image.mode == "RGBA" else "jpg"
    if extension == "webp" and source.is_lossless and _has_few_colours(image):
        options = {"lossless": True}
    return _encoded(image, extension, **{**ENCODERS[extension], **options})


def _small(source: Source, size: tuple[int, int], quality: int) -> Result:
    image = first_frame(source)
    is_lossless = source.is_lossless and _has_few_colours(image)
    image.thumbnail(size)
    return _encoded(image, "webp", format="WEBP", quality=quality, lossless=is_lossless)


def _encoded(image: Image.Image, extension: str, **options: Any) -> Result:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return Result(buffer.getvalue(), extension, *image.size)
