"""Skies and waters in drawings."""

from math import sin, tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from demo.drawings.brush import (
    BLACK,
    SMOOTH,
    STARLIGHT,
    WHITE,
    Colour,
    Colours,
    Size,
    clouds,
    dim,
    glow,
    gradient,
    mix,
    pale,
    waves,
)


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
