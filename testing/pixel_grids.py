"""The colours of an image at twelve points, as Chromium draws it at 80 by 60 pixels on white."""

from math import floor, log2

from PIL import Image

type Grid = list[tuple[int, ...]]

SIZE = 80, 60
POINTS = [(10 + 20 * column, 10 + 20 * row) for row in range(3) for column in range(4)]


def grid(image: Image.Image) -> Grid:
    """Return the colours of an image, row by row."""
    layer = image.convert("RGBA")
    canvas = Image.new("RGBA", layer.size, "white")
    canvas.alpha_composite(layer)
    drawn = canvas.convert("RGB")
    # Chromium halves a picture as often as it stays larger than needed, and then interpolates.
    halvings = max(floor(log2(max(drawn.width / SIZE[0], drawn.height / SIZE[1]))), 0)
    smaller = drawn.reduce(2**halvings)
    scale = smaller.width / SIZE[0], 0, 0, 0, smaller.height / SIZE[1], 0
    scaled = smaller.transform(SIZE, Image.Transform.AFFINE, scale, Image.Resampling.BILINEAR)
    colours = [scaled.getpixel(point) for point in POINTS]
    return [colour for colour in colours if isinstance(colour, tuple)]


def distance(one: Grid, other: Grid) -> int:
    """Return the largest difference of a channel at any point. A point may be left out as None."""
    return max(
        abs(a - b)
        for colour, expected in zip(one, other, strict=True)
        if expected
        for a, b in zip(colour, expected, strict=True)
    )
