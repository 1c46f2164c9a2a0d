"""Close-ups and patterns. Each function draws a whole image from five colours."""

from math import tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.drawings import brush, figures, outlines, skies
from demo.drawings.brush import Colours, Size, dim, mix


def flower(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    ground, light, deep, tip, heart = colours
    image = brush.gradient(size, [mix(ground, light, 0.25), ground, dim(ground, 0.3)])
    for _ in range(24):
        spot = rng.uniform(0, width), rng.uniform(0, height)
        brush.glow(image, spot, max(size) * rng.uniform(0.08, 0.25), dim(light, 0.75))
    double = image.resize((width * 2, height * 2))  # Halved at the end, for smooth edges.
    pen = ImageDraw.Draw(double)
    centre = double.width * rng.uniform(0.42, 0.58), double.height * rng.uniform(0.44, 0.56)
    radius, rings = min(double.size) * rng.uniform(0.5, 0.62), rng.choice((7, 9))
    slim, count = rng.uniform(0.13, 0.2), rng.choice((13, 17, 21))
    for ring in range(rings):
        share = 1 - ring / rings
        edge, inner = mix(mix(tip, heart, 0.5), tip, share), mix(heart, deep, share**0.5)
        folds = [(1.06, dim(inner, 0.6)), (1, edge), (0.82, mix(edge, inner, 0.4)), (0.6, inner)]
        for step in range(count):
            turn = (step + 0.5 * (ring % 2)) * tau / count + rng.uniform(-0.04, 0.04)
            length = radius * (0.12 + 0.88 * share) * rng.uniform(0.94, 1.04)
            for scale, ink in folds:  # Smaller and smaller petals on a shadow look like a fold.
                pen.polygon(figures.petal(centre, length, turn, slim, scale), ink)
    return brush.bloom(double.reduce(2), 20)


def blocks(rng: Random, size: Size, colours: Colours) -> Image.Image:
    image = Image.new("RGB", size)
    goal = min(size) / rng.choice((3, 4, 4, 5))
    columns, rows = round(size[0] / goal), round(size[1] / goal)
    for column in range(columns):
        for row in range(rows):
            left, top = size[0] * column // columns, size[1] * row // rows
            right, bottom = size[0] * (column + 1) // columns, size[1] * (row + 1) // rows
            block = figures.block(rng, round(goal), rng.sample(colours, 3))
            image.paste(block.resize((right - left, bottom - top), brush.SMOOTH), (left, top))
    return image


def azulejos(rng: Random, size: Size, colours: Colours) -> Image.Image:
    side = round(min(size) / rng.choice((3, 4, 5)) / 2) * 2
    tile = figures.azulejo(rng, side, colours)
    image = Image.new("RGB", size)
    left, top = (size[0] % side - side) // 2, (size[1] % side - side) // 2
    for x in range(left, size[0], side):
        for y in range(top, size[1], side):
            worn = Image.new("RGB", tile.size, dim(colours[0], rng.uniform(0, 0.5)))
            image.paste(Image.blend(tile, worn, rng.uniform(0, 0.14)), (x, y))
    shine = brush.clouds(rng, size, 4).point(lambda value: 108 + value * 40 // 255)
    image = ImageChops.overlay(image, shine.convert("RGB"))
    brush.glow(image, (size[0] * rng.random(), 0), max(size) * 0.9, (60, 54, 40))
    return image


def jellyfish(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    deep, water, bell, light, plankton = colours
    image = brush.gradient(size, [water, mix(water, deep, 0.6), deep, dim(deep, 0.5)])
    brush.mist(image, rng, mix(water, light, 0.3), -height * 0.3, height * 0.7, 0.45)
    brush.glow(image, (width * rng.uniform(0.2, 0.8), 0), max(size) * 0.6, water)
    skies.specks(image, rng, 150, 3, mix(deep, plankton, 0.6))
    for share, column in zip((0.04, 0.07, 0.11, 0.2), rng.sample(range(4), 4), strict=True):
        near = 0.4 + share * 3
        radius = round(min(size) * share * rng.uniform(0.9, 1.1))
        jelly = figures.jelly(rng, radius, mix(deep, bell, near), mix(deep, light, near))
        jelly = jelly.rotate(rng.uniform(-30, 30), brush.SMOOTH)
        x = round(width * (0.14 + 0.24 * column) - jelly.width / 2)
        y = round(height * rng.uniform(0.1, 0.5) - radius)
        patch = image.crop((x, y, x + jelly.width, y + jelly.height))
        image.paste(ImageChops.screen(patch, jelly), (x, y))
    return image


def bokeh(rng: Random, size: Size, colours: Colours) -> Image.Image:
    """Draw lamps out of focus."""
    width, height = size
    night, *lamps = colours
    image = brush.gradient(size, [night, mix(night, lamps[0], 0.3), dim(night, 0.3)])
    for blur, count in ((10, 26), (4, 22), (1.5, 18)):
        layer = Image.new("RGB", (width // 2, height // 2))
        for _ in range(count):
            spot = rng.uniform(0, width / 2), height / 2 * rng.triangular(0, 1, 0.55)
            reach, ink = max(size) / 2 * rng.uniform(0.012, 0.055), rng.choice(lamps)
            lamp = Image.new("RGB", layer.size)
            outlines.paint(lamp, [outlines.disc(spot, reach)], dim(ink, 0.3))
            outlines.paint(lamp, [outlines.disc(spot, reach * 0.93)], dim(ink, 0.45))
            layer = ImageChops.screen(layer, lamp)
        layer = layer.filter(ImageFilter.GaussianBlur(blur)).resize(size, brush.SMOOTH)
        image = ImageChops.screen(image, layer)
    return image
