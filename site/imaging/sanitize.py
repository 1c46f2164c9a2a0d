"""Decode an untrusted image once, and encode its pixels again without anything else.

Runs in a decoder: without Django.
"""

import io
from typing import Any, NamedTuple

from PIL import Image

from imaging import animation
from imaging.decode import FORMATS, fitted, image_errors, open_image, plain
from imaging.errors import ImageError, Reason

# A longer strip would be a hair's breadth in its thumbnail.
MAX_RATIO = 30
# A longer photo would be blown up to a huge image before its thumbnail is cut out of it.
MAX_PHOTO_RATIO = 5
# The largest photo that is shown has 360 pixels; this leaves room for a sharper screen.
PHOTO_SIZE = (1080, 1080)
# Writing a WebP of noise takes ten bytes for each byte of it.
MAX_WRITTEN_WEBP_PIXELS = 6_000_000
ENCODERS: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
}


class Result(NamedTuple):
    """An image as it was encoded again, whose format is its extension, or pixels of a mode."""

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
    """Return a small WebP of an image, without looking at all of it."""
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
        picture = image if image.mode == mode else image.convert(mode)
        # Still enough to cover the size, whatever is cut out of it.
        factor = min(had // asked for asked, had in zip(wanted, picture.size, strict=True))
        picture = picture.reduce(max(factor, 1))
    if not crop:
        # A JPEG that was read smaller has lost its exact ratio, which the thumbnail needs.
        picture = picture.resize(wanted, Image.Resampling.LANCZOS)
    return Result(picture.tobytes(), picture.mode, *picture.size)


def _check_ratio(image: Image.Image, ratio: int) -> None:
    if max(image.size) > ratio * min(image.size):
        raise ImageError(Reason.TOO_NARROW)


def _still(image: Image.Image) -> Result:
    picture = plain(image)
    if image.format == "WEBP" and image.width * image.height <= MAX_WRITTEN_WEBP_PIXELS:
        extension = "webp"
    elif image.format in {"PNG", "GIF"} or picture.mode == "RGBA":
        extension = "png"
    else:
        extension = "jpg"
    return _encoded(picture, extension, **ENCODERS[extension])


def _small(image: Image.Image, size: tuple[int, int], quality: int) -> Result:
    picture = plain(image)
    picture.thumbnail(size)
    return _encoded(picture, "webp", format="WEBP", quality=quality)


def _encoded(
    picture: Image.Image, extension: str, is_animated: bool = False, **options: Any
) -> Result:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    return Result(buffer.getvalue(), extension, *picture.size, is_animated)
