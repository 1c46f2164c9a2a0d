"""Colours, light and noise for drawings.

All randomness comes from the generator that is passed in. Pillow's own noise differs each time.
"""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageFilter, ImageOps

type Colour = tuple[int, int, int]
type Colours = Sequence[Colour]
type Point = tuple[float, float]
type Outline = Sequence[Point]
type Size = tuple[int, int]

WHITE, BLACK, LAMP = (255, 255, 255), (0, 0, 0), (255, 196, 110)
STARLIGHT = ((255, 240, 220), (190, 205, 255), (225, 225, 245))
SMOOTH = Image.Resampling.BICUBIC
# Pillow's radial gradient reaches 181 at the sides; squaring it makes it fade like light.
FADING = [round(255 * max(0, 1 - value / 181) ** 2) for value in range(256)]


# Colours and light


def mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def parse(name: str) -> Colour:
    red, green, blue, *_ = ImageColor.getrgb(name)
    return red, green, blue


def dim(colour: Colour, share: float) -> Colour:
    return mix(colour, BLACK, share)


def pale(colour: Colour, share: float) -> Colour:
    return mix(colour, WHITE, share)


def gradient(size: Size, colours: Colours) -> Image.Image:
    strip = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        strip.putpixel((0, row), colour)
    return strip.resize(size, SMOOTH)


def glow(image: Image.Image, centre: Point, radius: float, colour: Colour) -> None:
    reach = max(2, round(radius))
    left, top = round(centre[0]) - reach, round(centre[1]) - reach
    fading = Image.radial_gradient("L").point(FADING).resize((reach * 2, reach * 2))
    patch = image.crop((left, top, left + reach * 2, top + reach * 2))
    light = ImageOps.colorize(fading, BLACK, colour)
    image.paste(ImageChops.screen(patch, light), (left, top))


def bloom(image: Image.Image, radius: float) -> Image.Image:
    """Blur bright spots over their edges, as a lens does."""
    bright = image.reduce(4).point(lambda value: max(0, value - 90) * 1.4)
    soft = bright.filter(ImageFilter.GaussianBlur(radius / 4))
    return ImageChops.screen(image, soft.resize(image.size, SMOOTH))


# Noise


def noise(rng: Random, size: Size) -> Image.Image:
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def clouds(rng: Random, size: Size, cells: float, stretch: float = 1) -> Image.Image:
    """Add octaves of finer noise to coarse noise; `stretch` makes it wider than high."""
    width, height = size[0] // 3 + 1, size[1] // 3 + 1  # A third is sharp enough.
    cell = max(size) / cells / 3
    total = Image.new("L", (width, height))
    for share in (1, 0.4, 0.3, 0.25, 0.2):
        grid = int(width / cell / stretch) + 2, int(height / cell) + 2
        total = Image.blend(total, noise(rng, grid).resize(total.size, SMOOTH), share)
        cell /= 2
    return ImageOps.autocontrast(total).resize(size, SMOOTH)


def waves(rng: Random, size: Size, breadth: float, steepness: float = 24) -> Image.Image:
    """Return noise on a plane in perspective, with the horizon at the top."""
    width, height = size
    plane = noise(rng, (round(width * breadth), height * 2))
    shrink = steepness / height
    left = plane.width * shrink / 2, plane.width / 2 - breadth * width / 2
    plan = (breadth, *left, 0, 0, plane.height - 2, 0, shrink)
    return plane.transform(size, Image.Transform.PERSPECTIVE, plan, SMOOTH)


def mist(
    image: Image.Image, rng: Random, colour: Colour, top: float, bottom: float, cover: float
) -> None:
    size = image.width, round(bottom - top)
    band = gradient(size, [BLACK, WHITE, BLACK]).convert("L").point(lambda value: value * cover)
    image.paste(colour, (0, round(top)), ImageChops.multiply(band, clouds(rng, size, 5, 2.5)))


def grain(image: Image.Image, rng: Random, strength: float) -> Image.Image:
    """Add grain like that of film or paper, which also hides banding in gradients."""
    specks = noise(rng, image.size).point(lambda value: 128 + (value - 128) * strength)
    return ImageChops.add(image, specks.convert("RGB"), 1, -128)
