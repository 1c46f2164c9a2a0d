"""Images as they may be kept: decoded once, and written anew without anything but the picture."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image as Pillow
from PIL import ImageSequence

from people.pictures import open_picture, plain

MAX_BYTES = 15 * 1024 * 1024
# A longer strip would be a hair's breadth in its thumbnail.
MAX_RATIO = 30
# Frames of an animation are held several times over while it is written.
MAX_FRAMES, MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 1_000, 8_000_000, 250_000_000
# Browsers slow down what claims to be faster, and so do we.
FASTEST_FRAME, SLOWED_FRAME = 20, 100

TOO_HEAVY = "This image is larger than 15 MB. Choose a smaller one."
TOO_NARROW = "This image is more than thirty times as long as it is wide. Choose another."
TOO_LONG = "This animation is too large or too long. Choose a smaller or a shorter one."

# Writing a WebP takes about as much memory as reading one.
MAX_WRITTEN_WEBP_PIXELS = 8_000_000
ENCODERS: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
}


@dataclass(frozen=True)
class CleanImage:
    """An image that may be kept: its bytes, and what they hold."""

    data: bytes
    extension: str
    width: int
    height: int
    is_animated: bool

    @property
    def name(self) -> str:
        """The name in storage, which says no more than that equal images are equal."""
        digest = sha256(self.data).hexdigest()
        return f"images/{digest[:2]}/{digest[2:34]}.{self.extension}"


def clean(data: bytes) -> CleanImage:
    """Return an image written anew: upright, in sRGB, no metadata, an animation as WebP.

    ValidationError where it is over 15 MB or 40 megapixels, or not just an image.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    with open_picture(data) as image:
        if max(image.size) > MAX_RATIO * min(image.size):
            raise ValidationError(TOO_NARROW)
        return _animation(image) if _is_animated(image) else _still(image)


def preview(data: bytes, size: tuple[int, int]) -> CleanImage:
    """Return a small picture of an image, without looking at all of it."""
    with open_picture(data, size) as image:
        picture = plain(image)
        picture.thumbnail(size)
        return _encoded(picture, "webp", format="WEBP", quality=75)


def _is_animated(image: Pillow.Image) -> bool:
    # The several pictures that phones write into one JPEG are no animation.
    return image.format in {"GIF", "PNG", "WEBP"} and getattr(image, "is_animated", False)


def _still(image: Pillow.Image) -> CleanImage:
    picture = plain(image)
    if image.format == "WEBP" and image.width * image.height <= MAX_WRITTEN_WEBP_PIXELS:
        extension = "webp"
    elif image.format in {"PNG", "GIF"} or picture.mode == "RGBA":
        extension = "png"
    else:
        extension = "jpg"
    return _encoded(picture, extension, **ENCODERS[extension])


def _animation(image: Pillow.Image) -> CleanImage:
    frames: int = getattr(image, "n_frames", 1)
    pixels = image.width * image.height
    if frames > MAX_FRAMES or pixels > MAX_FRAME_PIXELS or frames * pixels > MAX_ANIMATION_PIXELS:
        raise ValidationError(TOO_LONG)
    return _encoded(
        image,
        "webp",
        format="WEBP",
        save_all=True,
        duration=list(_durations(image)),
        loop=image.info.get("loop", 1),
        quality=80,
        method=0,
        icc_profile=None,
    )


def _durations(image: Pillow.Image) -> Iterator[int]:
    for frame in ImageSequence.Iterator(image):
        frame.load()
        duration = int(frame.info.get("duration", 0))
        yield duration if duration >= FASTEST_FRAME else SLOWED_FRAME
    image.seek(0)


def _encoded(picture: Pillow.Image, extension: str, **options: Any) -> CleanImage:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    is_animated = bool(options.get("save_all"))
    return CleanImage(buffer.getvalue(), extension, *picture.size, is_animated)
