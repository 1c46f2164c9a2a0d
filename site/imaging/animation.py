"""Encode an animation frame by frame. Runs in a decoder: without Django."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from imaging.decode import plain
from imaging.errors import ImageError, Reason

# Frames of an animation are held several times over while it is written.
MAX_FRAMES, MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 1_000, 6_000_000, 100_000_000
# The writer holds what it has written several times over, too.
MAX_WRITTEN_ANIMATION = 40 * 1024 * 1024
# Browsers slow down what claims to be faster, and so do we.
FASTEST_FRAME, SLOWED_FRAME = 20, 100
# A WebP cannot count any further.
MAX_LOOPS = 65_535


def is_animated(image: Image.Image) -> bool:
    """Say whether an image moves; the several pictures that phones write into a JPEG do not."""
    return image.format in {"GIF", "PNG", "WEBP"} and _last(image) > _first(image)


def check_length(image: Image.Image) -> None:
    """Refuse too many frames, or too many pixels in them."""
    frames, pixels = _last(image) + 1, image.width * image.height
    if frames > MAX_FRAMES or pixels > MAX_FRAME_PIXELS or frames * pixels > MAX_ANIMATION_PIXELS:
        raise ImageError(Reason.TOO_LONG)


def options(image: Image.Image) -> dict[str, Any]:
    """Return what Pillow's writer of WebPs has to know of an animation."""
    durations = list(_durations(image))
    loops = image.info.get("loop", 1)
    if image.format == "GIF" and "loop" in image.info and loops:
        # A GIF tells how often it comes again, all others how often it comes.
        loops += 1
    return {
        "format": "WEBP",
        "save_all": True,
        "duration": durations,
        "loop": min(loops, MAX_LOOPS),
        "background": (0, 0, 0, 0),
        "quality": 80,
        "method": 0,
    }


class Frames(Image.Image):
    """The frames of an animation, each made plain when the writer comes to it."""

    def __init__(self, image: Image.Image) -> None:
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
            raise ImageError(Reason.TOO_LONG)


def _weight(picture: Image.Image) -> int:
    """Return about as many bytes as a picture takes in a WebP, and rather more."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=80)
    alpha = picture.getchannel("A").tobytes() if picture.mode == "RGBA" else b""
    return buffer.tell() + len(zlib.compress(alpha, 1))


def _first(image: Image.Image) -> int:
    # What a PNG shows where animations are not understood is no part of it.
    return int(getattr(image, "default_image", False))


def _last(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) - 1


def _durations(image: Image.Image) -> Iterator[int]:
    for frame in range(_first(image), _last(image) + 1):
        image.seek(frame)
        # A frame of a GIF may be larger than those before it.
        check_length(image)
        image.load()
        duration = int(image.info.get("duration", 0))
        yield duration if duration >= FASTEST_FRAME else SLOWED_FRAME
