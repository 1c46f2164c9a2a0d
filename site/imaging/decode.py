"""Open an untrusted image, and turn its frames upright.

This runs in a decoder, without Django.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image

from imaging.errors import ImageError, Reason
from imaging.formats.avif import Avif
from imaging.formats.gif import Gif
from imaging.formats.heic import Heic
from imaging.formats.jpeg import Jpeg
from imaging.formats.kinds import kind_of
from imaging.formats.png import Png
from imaging.formats.source import Source
from imaging.formats.webp import WebP

# Each format has a limit of its own, and says in numbers that an image exceeds it.
Image.MAX_IMAGE_PIXELS = None
# The formats of stored originals.
STORED_FORMATS = ("JPEG", "PNG", "WEBP")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
OPENERS: dict[str, Callable[[bytes], Source]] = {
    "AVIF": Avif,
    "GIF": Gif,
    "HEIC": Heic,
    "PNG": Png,
    "WEBP": WebP,
}


@contextmanager
def open_image(data: bytes, size: tuple[int, int] | None = None) -> Iterator[Source]:
    """Open an image to decode it inside the block.

    With `size`, a JPEG may be decoded at a reduced size that is at least `size`. ImageError if the
    image is too large, of a format that Magpie does not read, or damaged.
    """
    with image_errors():
        kind = kind_of(data)
        yield Jpeg(data, size) if kind == "JPEG" else OPENERS[kind](data)


@contextmanager
def image_errors() -> Iterator[None]:
    """Raise ImageError for any error that Pillow raises."""
    try:
        yield
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageError(Reason.TOO_COSTLY) from error
    except Exception as error:
        # Pillow's decoders raise exceptions of many types for damaged images.
        raise ImageError(Reason.DAMAGED) from error


def first_frame(source: Source) -> Image.Image:
    """Return the first frame upright, as L, RGB or RGBA in sRGB, without metadata."""
    return next(upright_frames(source))[0]


def upright_frames(source: Source) -> Iterator[tuple[Image.Image, int]]:
    """Yield all frames upright, as L, RGB or RGBA in sRGB, without metadata."""
    turn = TURNS.get(source.orientation)
    for frame, duration in source.frames():
        # No other name may keep a copy in memory.
        frame = _without_needless_alpha(frame)
        if turn is not None:
            frame = frame.transpose(turn)
        yield frame, duration


def _without_needless_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image
