"""Encode an animation frame by frame. This runs in a decoder, without Django."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from imaging.decode import normalize
from imaging.errors import ImageError, Reason

# Pillow's writer keeps several copies of the frames in memory.
MAX_FRAMES, MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 1_000, 6_000_000, 100_000_000
# The writer also keeps several copies of its output.
MAX_WRITTEN_ANIMATION = 40 * 1024 * 1024
# Milliseconds. Browsers show frames that are shorter than 20 ms for 100 ms.
MIN_DURATION, REPLACED_DURATION = 20, 100
# The largest number of loops in a WebP.
MAX_LOOPS = 65_535


def is_animated(image: Image.Image) -> bool:
    """Return whether an image is an animation. A JPEG with several images, from a phone, is not."""
    return image.format in {"GIF", "PNG", "WEBP"} and _last(image) > _first(image)


def check_length(image: Image.Image) -> None:
    """Refuse an animation with too many frames or pixels."""
    frames, pixels = _last(image) + 1, image.width * image.height
    if frames > MAX_FRAMES or pixels > MAX_FRAME_PIXELS or frames * pixels > MAX_ANIMATION_PIXELS:
        raise ImageError(Reason.TOO_LONG)


def options(image: Image.Image) -> dict[str, Any]:
    """Return the options with which Pillow writes an animation as a WebP."""
    durations = list(_durations(image))
    loops = image.info.get("loop", 1)
    if image.format == "GIF" and "loop" in image.info and loops:
        # A GIF states the number of repetitions, other formats the number of times it plays.
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
    """The frames of an animation, each normalized when the writer reaches it."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__()
        self.image = image
        self.n_frames = _last(image) - _first(image) + 1
        self.weight = 0
        self.seek(0)

    def seek(self, frame: int) -> None:
        self.image.seek(_first(self.image) + frame)
        normalized = normalize(self.image.copy())
        self.im, self._mode, self._size = normalized.im, normalized.mode, normalized.size
        self.weight += _weight(normalized)
        if self.weight > MAX_WRITTEN_ANIMATION:
            raise ImageError(Reason.TOO_LONG)


def _weight(frame: Image.Image) -> int:
    """Return an estimate, rather too high, of the bytes that a frame takes in a WebP."""
    buffer = io.BytesIO()
    frame.convert("RGB").save(buffer, "JPEG", quality=80)
    alpha = frame.getchannel("A").tobytes() if frame.mode == "RGBA" else b""
    return buffer.tell() + len(zlib.compress(alpha, 1))


def _first(image: Image.Image) -> int:
    # The default image of an animated PNG, for software without animations, is not a frame.
    return int(getattr(image, "default_image", False))


def _last(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) - 1


def _durations(image: Image.Image) -> Iterator[int]:
    for frame in range(_first(image), _last(image) + 1):
        image.seek(frame)
        # A frame of a GIF may be larger than the previous ones.
        check_length(image)
        image.load()
        duration = int(image.info.get("duration", 0))
        yield duration if duration >= MIN_DURATION else REPLACED_DURATION
