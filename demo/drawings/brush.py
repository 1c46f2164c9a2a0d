"""Brushes and outlines for drawings.

All randomness comes from the generator that is passed in. Pillow's own noise differs each time.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, sin, tau
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageOps

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


# Outlines and how to fill them


def paint(
    image: Image.Image, outlines: Sequence[Outline], *colours: Colour, cover: float = 1
) -> None:
    """Fill outlines with a vertical gradient; a mask of twice the size smooths the edges."""
    xs, ys = zip(*(point for outline in outlines for point in outline), strict=True)
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    width = min(image.width, int(max(xs)) + 2) - left
    height = min(image.height, int(max(ys)) + 2) - top
    if width <= 0 or height <= 0:
        return
    mask = Image.new("L", (width * 2, height * 2))
    for outline in outlines:
        spots = [((x - left) * 2, (y - top) * 2) for x, y in outline]
        ImageDraw.Draw(mask).polygon(spots, round(255 * cover))
    image.paste(gradient((width, height), colours), (left, top), mask.reduce(2))


def disc(centre: Point, radius: float) -> Outline:
    x, y = centre
    turns = [step * tau / 72 for step in range(72)]
    return [(x + radius * cos(turn), y + radius * sin(turn)) for turn in turns]


def ridge(rng: Random, size: Size, level: float, swing: float, rough: float = 0.5) -> Outline:
    """Return a ridge by midpoint displacement, closed at the bottom."""
    width, height = size
    heights = [rng.uniform(-1, 1) for _ in range(3)]
    for depth in range(1, 8):
        middles = [(a + b) / 2 + rng.uniform(-1, 1) * rough**depth for a, b in pairwise(heights)]
        pairs = zip(heights, middles, strict=False)
        heights = [h for pair in pairs for h in pair] + heights[-1:]
    step = width / (len(heights) - 1)
    line = [(index * step, level + swing * h) for index, h in enumerate(heights)]
    return [*line, (width, height + 9), (0, height + 9)]


def hill(rng: Random, size: Size, level: float, swing: float) -> Outline:
    width, height = size
    terms = [(rng.uniform(0.4, 1.1) * n, rng.uniform(0, tau), swing / n) for n in (1, 2)]

    def rise(x: float) -> float:
        return sum(share * sin(pace * x / width * tau + start) for pace, start, share in terms)

    line = [(x, level + rise(x)) for x in range(-8, width + 9, 8)]
    return [*line, (width + 8, height + 9), (-8, height + 9)]


def fir(rng: Random, foot: Point, height: float) -> Outline:
    x, base = foot
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(1, 11):
        y = base - height * (1 - tier / 10.5)
        for side, sign in ((left, -1), (right, 1)):
            reach = sign * height * 0.021 * tier * rng.uniform(0.7, 1.15)
            side += [(x + reach, y + height * 0.02), (x + reach * 0.45, y)]
    return [(x, base - height), *right, *reversed(left)]


def plant(image: Image.Image, rng: Random, feet: Outline, tall: float, *inks: Colour) -> None:
    if feet:
        firs = [fir(rng, (x, y + tall * 0.08), tall * rng.uniform(0.45, 1)) for x, y in feet]
        paint(image, firs, *inks)


def trunk(rng: Random, foot: Point, girth: float, lean: float) -> list[Outline]:
    x, y = foot
    top = x + lean
    stem = [(x - girth, y), (top - girth * 0.6, -5), (top + girth * 0.6, -5), (x + girth, y)]
    outlines: list[Outline] = [stem]
    for _ in range(rng.randrange(5, 14)):
        rise = rng.uniform(0, 0.75) * y
        start, reach = x + lean * (1 - rise / y), rng.choice((-1, 1)) * girth * rng.uniform(4, 11)
        tip = start + reach, rise + abs(reach) * rng.uniform(-0.4, 0.3)
        outlines.append([(start, rise - girth * 0.25), tip, (start, rise + girth * 0.25)])
    return outlines


# Skies and waters


def specks(image: Image.Image, rng: Random, count: int, widest: float, ink: Colour) -> None:
    """Scatter many small flecks and a few larger, fainter ones."""
    pen = ImageDraw.Draw(image, "RGBA")
    for _ in range(count):
        x, y = rng.uniform(0, image.width), rng.uniform(0, image.height)
        reach = 1 + widest * rng.random() ** 4
        pen.ellipse((x, y, x + reach, y + reach), (*ink, round(200 / reach**0.7)))


def stars(image: Image.Image, rng: Random, count: int) -> None:
    specks(image, rng, count, 0.8, rng.choice(STARLIGHT))
    for _ in range(count // 60):
        spot = rng.uniform(0, image.width), rng.uniform(0, image.height)
        glow(image, spot, rng.uniform(4, 12), rng.choice(STARLIGHT))


def curtain(rng: Random, size: Size, low: Colour, high: Colour) -> Image.Image:
    """Draw the rays of an aurora along a wavy line, each about as bright as the next."""
    width, height = size
    veil = Image.new("RGB", size)
    base, start = height * rng.uniform(0.35, 0.55), rng.uniform(0, tau)
    for x, ray in enumerate(clouds(rng, (width, 1), width / 12).tobytes()):
        turn = start + x / width * 5
        hem = base + height * (0.09 * sin(turn) + 0.03 * sin(turn * 2.7))
        length = round(height * (0.3 + 0.12 * sin(turn * 1.9)))
        strength = (ray / 255) ** 1.5 * (0.55 + 0.45 * sin(turn * 1.3))
        inks = [mix(BLACK, ink, strength) for ink in (high, mix(high, low, 0.5), low, low)]
        veil.paste(gradient((1, length), [BLACK, *inks, BLACK]), (x, round(hem) - length))
    return veil.filter(ImageFilter.GaussianBlur(1))


def mirror(image: Image.Image, rng: Random, shore: int, tint: Colour) -> None:
    """Turn everything below the shore into water that reflects what is above it."""
    depth = image.height - shore
    upright = image.crop((0, shore - depth, image.width, shore))
    clear = Image.blend(ImageOps.flip(upright), Image.new("RGB", upright.size, tint), 0.3)
    smeared = clear.resize((image.width // 2, max(1, depth // 40))).resize(clear.size, SMOOTH)
    ripples = waves(rng, clear.size, 0.12, 14).point(lambda value: (value - 70) * 2)
    image.paste(Image.composite(clear, smeared, ripples), (0, shore))


def swell(rng: Random, size: Size, sun_x: float, colours: Colours) -> Image.Image:
    """Return open water with glints in a path that widens towards the viewer."""
    _, sky, low, sun, deep = colours
    surface = Image.blend(waves(rng, size, 0.35), waves(rng, size, 1.4), 0.45)
    tones = [mix(low, deep, 0.3), mix(sky, deep, 0.7), deep, dim(deep, 0.35)]
    calm = gradient(size, [dim(WHITE, 0.4), dim(WHITE, 0.6), dim(WHITE, 0.65)]).convert("L")
    shades = Image.composite(Image.new("L", size, 128), surface, calm)
    water = ImageChops.overlay(gradient(size, tones), shades.convert("RGB"))
    path, bottom = Image.new("L", size), size[1]
    near, far = size[0] * 0.28, max(size) * 0.06
    top = [(sun_x - far, 0), (sun_x + far, 0)]
    ImageDraw.Draw(path).polygon([*top, (sun_x + near, bottom), (sun_x - near, bottom)], 255)
    path = path.reduce(8).filter(ImageFilter.GaussianBlur(8)).resize(size)
    glints = ImageChops.multiply(path, surface.point(lambda value: (value - 125) * 6))
    water.paste(pale(sun, 0.5), (0, 0), glints)
    return water
