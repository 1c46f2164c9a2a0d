"""Encode an animation frame by frame. This runs in a decoder, without Django."""

import io
import zlib
from math import prod

from PIL import Image

from imaging.decode import upright_frames
from imaging.errors import ImageError, Reason
from imaging.formats.source import Source
from imaging.formats.webp import ALPHA, FLAGS_AT

# Pillow's writer keeps several copies of the frames in memory.
MAX_FRAMES, MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 1_000, 6_000_000, 100_000_000
# The writer also keeps several copies of its output.
MAX_WRITTEN_ANIMATION = 40 * 1024 * 1024
# Milliseconds. Browsers show frames of up to 10 ms for 100 ms.
MAX_REPLACED_DURATION, REPLACED_DURATION = 10, 100
# The largest number of loops in a WebP.
MAX_LOOPS = 65_535
# Drawings have few colours. Losses would blur their edges, and save little.
MAX_LOSSLESS_PIXELS, MAX_LOSSLESS_COLOURS = 20_000_000, 64


def check_length(source: Source) -> None:
    """Refuse an animation with too many frames or pixels."""
    frames, pixels = source.count, max(prod(source.size), source.largest_frame)
    if frames > MAX_FRAMES or pixels > MAX_FRAME_PIXELS or frames * pixels > MAX_ANIMATION_PIXELS:
        raise ImageError(Reason.TOO_LONG)


def encode(source: Source) -> bytes:
    """Return an animation as a WebP, once its length is checked."""
    is_lossless = _is_drawing(source)
    frames, buffer = Frames(source), io.BytesIO()
    frames.save(
        buffer, "WEBP", save_all=True, duration=frames.durations,
        loop=min(source.loops, MAX_LOOPS), background=(0, 0, 0, 0), quality=80,
        method=0, lossless=is_lossless,
    )  # fmt: skip
    if frames.has_alpha:
        # The writer leaves this out if only what surrounds the frames is transparent.
        buffer.getbuffer()[FLAGS_AT] |= ALPHA
    return buffer.getvalue()


def _is_drawing(source: Source) -> bool:
    if not source.is_lossless or source.count * prod(source.size) > MAX_LOSSLESS_PIXELS:
        return False
    return all(frame.getcolors(MAX_LOSSLESS_COLOURS) for frame, _ in source.frames())


class Frames(Image.Image):
    """The frames of an animation, each decoded when the writer reaches it."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.frames = upright_frames(source)
        self.n_frames = source.count
        self.position = -1
        self.weight = 0
        # The writer reads a frame's duration after the frame.
        self.durations: list[int] = []
        self.has_alpha = False
        self.seek(0)

    def seek(self, frame: int) -> None:
        # At the end, the writer goes back to the first frame.
        while self.position < frame:
            self.position += 1
            image, duration = next(self.frames)
            self.im, self._mode, self._size = image.im, image.mode, image.size
            self.has_alpha |= image.mode == "RGBA"
            is_replaced = duration <= MAX_REPLACED_DURATION
            self.durations.append(REPLACED_DURATION if is_replaced else duration)
            self.weight += _weight(image)
            if self.weight > MAX_WRITTEN_ANIMATION:
                raise ImageError(Reason.TOO_LONG)


def _weight(frame: Image.Image) -> int:
    """Return an estimate, rather too high, of the bytes that a frame takes in a WebP."""
    buffer = io.BytesIO()
    frame.convert("RGB").save(buffer, "JPEG", quality=80)
    alpha = frame.getchannel("A").tobytes() if frame.mode == "RGBA" else b""
    return buffer.tell() + len(zlib.compress(alpha, 1))
