"""The pixels that thumbnails are drawn from. This runs in decoders too, without Django."""

from typing import NamedTuple

from PIL import Image

from imaging.decode import fitted

# Drawings and screenshots have no more colours.
MAX_FEW_COLOURS = 256


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
    """Return the size in which an image fills thumbnails of two kinds.

    Some fit into the box `fit`, others are cut from the middle and have sides of up to `cover`.
    """
    whole = min(fit[0] / size[0], fit[1] / size[1])
    scale = min(max(whole, cover / min(size)), 1)
    return round(size[0] * scale), round(size[1] * scale)


def pixels_of(
    image: Image.Image,
    size: tuple[int, int],
    may_be_lossless: bool,
    fit: tuple[int, int],
    cover: int,
) -> Pixels:
    """Return the pixels of an image, which may be smaller than the `size` of its original."""
    is_lossless = may_be_lossless and has_few_colours(image)
    drawn = scaled(image, needed_size(size, fit, cover))
    mode = "RGBA" if drawn.has_transparency_data else "RGB"
    drawn = drawn if drawn.mode == mode else drawn.convert(mode)
    return Pixels(drawn.tobytes(), drawn.mode, *drawn.size, *size, is_lossless)


def scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return an image scaled down to a size."""
    return _reduced(image, size).resize(size, Image.Resampling.LANCZOS)


def thumbnail_source(pixels: Pixels, size: tuple[int, int], crop: object = "") -> Image.Image:
    """Return the image from which a thumbnail is cut, or that which is the thumbnail."""
    image = Image.frombytes(pixels.mode, (pixels.width, pixels.height), pixels.data)
    if crop:
        return _reduced(image, size)
    return scaled(image, fitted((pixels.full_width, pixels.full_height), size))


def has_few_colours(image: Image.Image) -> bool:
    """Whether an image is a drawing or a screenshot, whose edges losses would blur."""
    return image.getcolors(MAX_FEW_COLOURS) is not None


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return an image reduced by a whole number, which is quick, so that it still covers `size`."""
    factor = min(side // wanted for side, wanted in zip(image.size, size, strict=True))
    return image.reduce(factor) if factor > 1 else image
