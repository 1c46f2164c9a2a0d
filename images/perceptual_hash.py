"""Hashes that are nearly the same for pictures that look the same."""

from typing import Any

from PIL import Image

from imaging import jobs
from imaging.pixels import Pixels, image_of, reduced_to_cover

# The hash of a picture that says too little, such as one of a single colour.
NONE = ""
SIDE, PART_BITS = 8, 16
# It is drawn from an image that covers a square of this side.
SOURCE_SIDE = 4 * SIDE
PIXELS_OF_HASH: dict[str, Any] = {"fit": (1, 1), "cover": SOURCE_SIDE}
# In both halves of the hash. Stripes and gradients say less.
MIN_SET_BITS = 6
# Compression changes neighbours of nearly the same brightness by less than this.
MARGIN = 2
# Pictures that look the same differ in at most this many bits, nearly always in some parts alone.
MAX_DISTANCE = 10


def perceptual_hash(data: bytes) -> str:
    """Return the hash of the picture in a file."""
    return hash_of_pixels(jobs.pixels_in(data, **PIXELS_OF_HASH))


def hash_of_pixels(pixels: Pixels) -> str:
    """Return 128 bits as hex digits: where a tiny version of a picture gets darker.

    Half of them compare each pixel with that to its right, the other half with that below.
    """
    image = reduced_to_cover(image_of(pixels), (SOURCE_SIDE, SOURCE_SIDE)).convert("RGBA")
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image)
    grey = page.convert("L")
    halves = [
        "".join("1" if first > second + MARGIN else "0" for first, second in pairs)
        for pairs in (_neighbours(grey, across=1), _neighbours(grey, across=0))
    ]
    says_enough = all(bits.count("1") >= MIN_SET_BITS for bits in halves)
    return f"{int(''.join(halves), 2):032x}" if says_enough else NONE


def _neighbours(grey: Image.Image, across: int) -> list[tuple[int, int]]:
    width, height = SIDE + across, SIDE + 1 - across
    pixels = grey.resize((width, height), Image.Resampling.BOX).tobytes()
    step = 1 if across else width
    starts = [row * width + column for row in range(SIDE) for column in range(SIDE)]
    return [(pixels[start], pixels[start + step]) for start in starts]


def parts(digits: str) -> list[int]:
    """Return the parts of a hash, each with its place in it, but those that say nothing."""
    size = PART_BITS // 4
    numbers = [int(digits[start : start + size], 16) for start in range(0, len(digits), size)]
    return [place << PART_BITS | number for place, number in enumerate(numbers) if number]


def distance(first: str, second: str) -> int:
    """Return in how many bits two hashes differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()
