"""Images as they may be kept: decoded once, and written anew without anything but the picture."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow

from people.pictures import open_picture, plain

MAX_BYTES = 15 * 1024 * 1024
# A longer strip would be a hair's breadth in its thumbnail.
MAX_RATIO = 30
# Frames of an animation are held several times over while it is written.
MAX_FRAMES, MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 1_000, 6_000_000, 100_000_000
# The writer holds what it has written several times over, too.
MAX_WRITTEN_ANIMATION = 40 * 1024 * 1024
# Browsers slow down what claims to be faster, and so do we.
FASTEST_FRAME, SLOWED_FRAME = 20, 100
# A WebP cannot count any further.
MAX_LOOPS = 65_535

TOO_HEAVY = _("This image is larger than 15 MB. Choose a smaller one.")
TOO_NARROW = _("This image is more than thirty times as long as it is wide. Choose another.")
TOO_LONG = _("This animation is too large or too long. Choose a smaller or a shorter one.")

# Writing a WebP of noise takes ten bytes for each byte of it.
MAX_WRITTEN_WEBP_PIXELS = 6_000_000
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

    @cached_property
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
        _check_shape(image)
        return _animation(image) if _is_animated(image) else _still(image)


def preview(data: bytes, size: tuple[int, int]) -> CleanImage:
    """Return a small picture of an image, without looking at all of it."""
    with open_picture(data, size) as image:
        _check_shape(image)
        picture = plain(image)
        picture.thumbnail(size)
        return _encoded(picture, "webp", format="WEBP", quality=75)


def _check_shape(image: Pillow.Image) -> None:
    if max(image.size) > MAX_RATIO * min(image.size):
        raise ValidationError(TOO_NARROW)
    if _is_animated(image):
        _check_length(image)


def _is_animated(image: Pillow.Image) -> bool:
    # The several pictures that phones write into one JPEG are no animation.
    return image.format in {"GIF", "PNG", "WEBP"} and _last(image) > _first(image)


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
    durations = list(_durations(image))
    loops = image.info.get("loop", 1)
    if image.format == "GIF" and "loop" in image.info and loops:
        # A GIF tells how often it comes again, all others how often it comes.
        loops += 1
    return _encoded(
        _Frames(image),
        "webp",
        format="WEBP",
        save_all=True,
        duration=durations,
        loop=min(loops, MAX_LOOPS),
        background=(0, 0, 0, 0),
        quality=80,
        method=0,
    )


class _Frames(Pillow.Image):
    """The frames of an animation, each made plain when the writer comes to it."""

    def __init__(self, image: Pillow.Image) -> None:
        super().__init__()
        self.image = image
        self.n_frames = _last(image) - _first(image) + 1
        self.weight = 0
        self.seek(0)

    def seek(self, frame: int) -> None:
        self.image.seek(_first(self.image) + frame)
        picture = plain(self.image.copy())
        self.im, self._mode, self._size = picture.im, picture.mode, picture.size
        self.weight += _weight(picture)
        if self.weight > MAX_WRITTEN_ANIMATION:
            raise ValidationError(TOO_LONG)


def _weight(picture: Pillow.Image) -> int:
    """Return about as many bytes as a picture takes in a WebP, and rather more."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=80)
    alpha = picture.getchannel("A").tobytes() if picture.mode == "RGBA" else b""
    return buffer.tell() + len(zlib.compress(alpha, 1))


def _first(image: Pillow.Image) -> int:
    # What a PNG shows where animations are not understood is no part of it.
    return int(getattr(image, "default_image", False))


def _last(image: Pillow.Image) -> int:
    return int(getattr(image, "n_frames", 1)) - 1


def _durations(image: Pillow.Image) -> Iterator[int]:
    for frame in range(_first(image), _last(image) + 1):
        image.seek(frame)
        # A frame of a GIF may be larger than those before it.
        _check_length(image)
        image.load()
        duration = int(image.info.get("duration", 0))
        yield duration if duration >= FASTEST_FRAME else SLOWED_FRAME


def _check_length(image: Pillow.Image) -> None:
    frames, pixels = _last(image) + 1, image.width * image.height
    if frames > MAX_FRAMES or pixels > MAX_FRAME_PIXELS or frames * pixels > MAX_ANIMATION_PIXELS:
        raise ValidationError(TOO_LONG)


def _encoded(picture: Pillow.Image, extension: str, **options: Any) -> CleanImage:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    is_animated = bool(options.get("save_all"))
    return CleanImage(buffer.getvalue(), extension, *picture.size, is_animated)
