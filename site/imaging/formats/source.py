"""What all formats have in common: an opened file with its frames."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from PIL import Image

from imaging.errors import check_pixels

# Larger images are kept at half their size or less.
MAX_PIXELS = 40_000_000
# The memory that may be used to decode and turn a photo.
MAX_DECODING_BYTES = 330 * 1024 * 1024
# The most memory that the pixels of one image may take before they are reduced.
MAX_LOADED_BYTES = 240 * 1024 * 1024
MAX_LOADED_PIXELS = 100_000_000
# Memory that Pillow takes for a pixel; 4 bytes in other modes.
BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
STRIP_PIXELS = 1_000_000
# Drawing onto a canvas takes several copies of it.
MAX_CANVAS_PIXELS = 12_000_000


class Source(ABC):
    """An opened image file."""

    # The size before it is turned upright or reduced.
    size: tuple[int, int]
    # The number of frames, and how often they are shown, with 0 for ever.
    count = 1
    loops = 1
    # The pixels of the largest frame, if a frame is larger than the canvas.
    largest_frame = 0
    # The Exif orientation, from 1 to 8.
    orientation = 1
    is_lossless = False
    # The format in which it is stored, unless it has to be another one.
    extension = "jpg"

    @abstractmethod
    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        """Yield each frame as L, RGB or RGBA in sRGB, with its duration in milliseconds."""


def check_loaded_size(size: tuple[int, int], mode: str) -> None:
    """Refuse an image whose pixels would take too much memory."""
    check_pixels(size, min(MAX_LOADED_BYTES / BYTES_PER_PIXEL.get(mode, 4), MAX_LOADED_PIXELS))


def reduced(
    size: tuple[int, int],
    rows: Callable[[int, int], Image.Image],
    in_strips: bool = False,
) -> Image.Image:
    """Return the image that `rows` returns from one row to another, small enough to be kept.

    A large image is reduced strip by strip, because its conversion takes memory too.
    """
    width, height = size
    factor = 1
    while -(-width // factor) * -(-height // factor) > MAX_PIXELS:
        factor += 1
    if factor == 1 and not in_strips:
        return rows(0, height)
    step = max(STRIP_PIXELS // width // factor, 1) * factor
    strips = (rows(top, min(top + step, height)).reduce(factor) for top in range(0, height, step))
    first = next(strips)
    result = Image.new(first.mode, (first.width, -(-height // factor)))
    result.paste(first)
    for number, strip in enumerate(strips, 1):
        result.paste(strip, (0, number * step // factor))
    return result


def converted(image: Image.Image, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Return a loaded image converted, and reduced if it has too many pixels to be kept."""

    def rows(top: int, bottom: int) -> Image.Image:
        is_whole = bottom - top == image.height
        return convert(image if is_whole else image.crop((0, top, image.width, bottom)))

    # These are converted in several steps.
    return reduced(image.size, rows, in_strips=image.mode in {"I;16", "LA"})


def with_eight_bits(grey: Image.Image) -> Image.Image:
    """Return grey of 16 bits with eight."""
    # Pillow's conversion to L would clip values over 255 instead of scaling them.
    return grey.point(lambda value: value * (1 / 256)).convert("L")
