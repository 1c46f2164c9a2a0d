"""Sanitize an untrusted image: decode it once, and encode only its pixels.

This runs in a decoder, without Django.
"""

import io
from typing import Any, NamedTuple

from PIL import Image

from imaging import animation
from imaging.decode import FORMATS, fitted, image_errors, normalize, open_image
from imaging.errors import ImageError, Reason

# In thumbnails, a longer strip would be only a few pixels wide.
MAX_RATIO = 30
# Cropping the thumbnail of a longer photo would first scale it up to a huge image.
MAX_PHOTO_RATIO = 5
# Pages show photos with up to 360 pixels. This suffices for screens with three times the density.
PHOTO_SIZE = (1080, 1080)
# Encoding noise as WebP takes ten bytes of memory for each byte of output.
MAX_WRITTEN_WEBP_PIXELS = 6_000_000
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


def sanitize(data: bytes) -> Result:
    """Return an image upright, in sRGB, without metadata; an animation becomes a WebP."""
    with open_image(data) as image:
        _check_ratio(image, MAX_RATIO)
        if animation.is_animated(image):
            animation.check_length(image)
            options = animation.options(image)
            return _encoded(animation.Frames(image), "webp", True, **options)
        return _still(image)


def preview(data: bytes, size: tuple[int, int]) -> Result:
    """Return a small WebP of an image, without decoding more than needed."""
    with open_image(data, size) as image:
        _check_ratio(image, MAX_RATIO)
        if animation.is_animated(image):
            animation.check_length(image)
        return _small(image, size, quality=75)


def sanitize_photo(data: bytes) -> Result:
    """Return a photo as a WebP, upright, in sRGB, without metadata."""
    with open_image(data, PHOTO_SIZE) as image:
        _check_ratio(image, MAX_PHOTO_RATIO)
        return _small(image, PHOTO_SIZE, quality=88)


def reduce(data: bytes, size: tuple[int, int], crop: bool) -> Result:
    """Return the pixels of an original's first frame, no larger than a thumbnail needs."""
    with image_errors(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        wanted = size if crop else fitted(image.size, size)
        image.draft(None, wanted)
        mode = "RGBA" if image.has_transparency_data else "RGB"
        converted = image if image.mode == mode else image.convert(mode)
        # The reduced image must still cover the wanted size on both sides.
        sides = zip(converted.size, wanted, strict=True)
        factor = min(side // wanted_side for side, wanted_side in sides)
        reduced = converted.reduce(max(factor, 1))
    if not crop:
        # A JPEG decoded at a reduced size has lost the exact ratio that the thumbnail needs.
        reduced = reduced.resize(wanted, Image.Resampling.LANCZOS)
    return Result(reduced.tobytes(), reduced.mode, *reduced.size)


def _check_ratio(image: Image.Image, ratio: int) -> None:
    if max(image.size) > ratio * min(image.size):
        raise ImageError(Reason.TOO_NARROW)


def _still(image: Image.Image) -> Result:
    normalized = normalize(image)
    if image.format == "WEBP" and image.width * image.height <= MAX_WRITTEN_WEBP_PIXELS:
        extension = "webp"
    elif image.format in {"PNG", "GIF"} or normalized.mode == "RGBA":
        extension = "png"
    else:
        extension = "jpg"
    return _encoded(normalized, extension, **ENCODERS[extension])


def _small(image: Image.Image, size: tuple[int, int], quality: int) -> Result:
    normalized = normalize(image)
    normalized.thumbnail(size)
    return _encoded(normalized, "webp", format="WEBP", quality=quality)


def _encoded(
    image: Image.Image, extension: str, is_animated: bool = False, **options: Any
) -> Result:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return Result(buffer.getvalue(), extension, *image.size, is_animated)
