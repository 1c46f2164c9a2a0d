"""The pixels that thumbnails are drawn from. This runs in decoders too, without Django."""

from math import ceil, floor
from typing import NamedTuple

from PIL import Image

# Drawings and screenshots have no more colours.
MAX_FEW_COLOURS = 256
# Pillow copies what it scales, so large images are scaled in strips of so many rows.
STRIP = 256
# Lanczos reads so many rows, in the size of the result, beyond those that it draws.
LANCZOS_ROWS = 3


class Pixels(NamedTuple):
    """The first frame of an original, as large as its thumbnails need it."""

    data: bytes
    mode: str
    width: int
    height: int
    # The size of the original.
    full_width: int
    full_height: int
    # Whether thumbnails must have no losses either.
    is_lossless: bool


def needed_size(size: tuple[int, int], fit: tuple[int, int], cover: int) -> tuple[int, int]:
    """Return the size that an image must have for all of its thumbnails.

    Some fit into the box `fit`; the others are cropped to squares with sides of up to `cover`.
    """
    whole = min(fit[0] / size[0], fit[1] / size[1])
    scale = min(max(whole, cover / min(size)), 1)
    return round(size[0] * scale), round(size[1] * scale)


def fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """Return the size of an image scaled down to fit into a box."""
    scale = min(box[0] / size[0], box[1] / size[1], 1)
    return round(size[0] * scale), round(size[1] * scale)


def pixels_of(
    image: Image.Image,
    size: tuple[int, int],
    fit: tuple[int, int],
    cover: int,
    *,
    is_lossless: bool,
) -> Pixels:
    """Return the pixels of an image, which may be smaller than the `size` of its original."""
    drawn = scaled(image, needed_size(size, fit, cover))
    mode = "RGBA" if drawn.has_transparency_data else "RGB"
    drawn = drawn if drawn.mode == mode else drawn.convert(mode)
    return Pixels(drawn.tobytes(), mode, *drawn.size, *size, is_lossless)


def image_of(pixels: Pixels) -> Image.Image:
    return Image.frombytes(pixels.mode, (pixels.width, pixels.height), pixels.data)


def scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return an image scaled down to a size."""
    if image.size == size:
        return image
    result = Image.new(image.mode, size)
    scale = image.height / size[1]
    margin = ceil(LANCZOS_ROWS * scale)
    for top in range(0, size[1], STRIP):
        bottom = min(top + STRIP, size[1])
        start, end = top * scale, min(bottom * scale, image.height)
        first, last = max(floor(start) - margin, 0), min(ceil(end) + margin, image.height)
        rows = image.crop((0, first, image.width, last))
        drawn = rows.resize(
            (size[0], bottom - top),
            Image.Resampling.LANCZOS,
            box=(0, start - first, image.width, end - first),
            reducing_gap=1.0,
        )
        result.paste(drawn, (0, top))
    return result


def reduced_to_cover(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return an image reduced by a whole number, which is quick, so that it still covers `size`."""
    factor = min(side // wanted for side, wanted in zip(image.size, size, strict=True))
    return image.reduce(factor) if factor > 1 else image


def has_few_colours(image: Image.Image) -> bool:
    """Whether an image is a drawing or a screenshot, whose edges losses would blur."""
    return image.getcolors(MAX_FEW_COLOURS) is not None
