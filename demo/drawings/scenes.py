"""Scenes. Each function draws a whole image from five colours."""

from math import tau
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from demo.drawings import brush, figures
from demo.drawings.brush import WHITE, Colours, Size, dim, mix, pale, parse

CLOTHS = "#d6483c-#f7e2be #f0a032-#be3246 #2e6e96-#f0e1c8 #fac850-#3c5a82 #784682-#f09678"


def mountains(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, dawn, far, near = colours
    image = brush.gradient(size, [zenith, sky, dawn, dawn])
    brush.mist(image, rng, pale(dawn, 0.5), -height * 0.1, height * 0.45, 0.6)
    sun = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.24, 0.36)
    brush.glow(image, sun, max(size) * 0.5, dawn)
    brush.paint(image, [brush.disc(sun, max(size) * 0.022)], pale(dawn, 0.85))
    brush.glow(image, sun, max(size) * 0.12, pale(dawn, 0.3))
    for depth in (0, 0.18, 0.36, 0.55, 0.75):
        level, crest = height * (0.42 + 0.5 * depth), mix(far, near, depth)
        haze = mix(crest, dawn, 0.75 - 0.5 * depth)
        outline = brush.ridge(rng, size, level, height * 0.1, 0.55)
        brush.paint(image, [outline], crest, haze, haze)
        top, bottom = level - height * 0.03, level + height * 0.4
        brush.mist(image, rng, dawn, top, bottom, 0.9 - 0.75 * depth)
    front = brush.ridge(rng, size, height * 0.95, height * 0.05)
    brush.paint(image, [front], near)
    brush.plant(image, rng, front[:-2:2], height * 0.16, dim(near, 0.2), near)
    return image


def aurora(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    night, sky, low, high, land = colours
    image = brush.gradient(size, [night, sky, mix(sky, low, 0.25), sky])
    brush.stars(image, rng, width * height // 1000)
    for _ in range(3):
        veil = brush.curtain(rng, (width // 4, height // 4), low, high)
        image = ImageChops.screen(image, veil.resize(size, brush.SMOOTH))
    shore = round(height * rng.uniform(0.6, 0.7))
    far_bank = brush.ridge(rng, size, shore - height * 0.05, height * 0.035)
    brush.paint(image, [far_bank], mix(land, sky, 0.45))
    bank = [(x, shore + 2) for x in range(0, width, 7) if rng.random() < 0.85]
    brush.plant(image, rng, bank, height * 0.085, land)
    brush.mirror(image, rng, shore, night)
    return image


def sea(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, low, sun, _ = colours
    horizon = round(height * rng.uniform(0.42, 0.6))
    image = brush.gradient((width, horizon), [zenith, sky, low, mix(low, sun, 0.6)])
    image = ImageOps.expand(image, (0, 0, 0, height - horizon))
    brush.mist(image, rng, pale(low, 0.3), -horizon * 0.3, horizon * 1.1, 0.8)
    x, y = width * rng.uniform(0.25, 0.75), horizon - height * rng.uniform(0.03, 0.12)
    brush.glow(image, (x, y), max(size) * 0.5, sun)
    brush.paint(image, [brush.disc((x, y), max(size) * 0.03)], pale(sun, 0.85))
    brush.glow(image, (x, y), max(size) * 0.1, dim(sun, 0.4))
    image.paste(brush.swell(rng, (width, height - horizon), x, colours), (0, horizon))
    return image


def city(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    night, sky, haze, wall, lamp = colours
    image = brush.gradient(size, [night, mix(night, sky, 0.6), sky, haze, haze])
    brush.stars(image, rng, width // 4)
    shore = round(height * rng.uniform(0.68, 0.78))
    brush.glow(image, (width * rng.uniform(0.3, 0.7), shore), max(size) * 0.6, haze)
    for depth in (0.1, 0.5, 1):
        far_wall = mix(mix(sky, haze, 0.3), wall, depth)
        figures.houses(image, rng, shore, depth, [far_wall, haze, lamp])
        top, bottom = shore - height * 0.25, shore + height * 0.25
        brush.mist(image, rng, haze, top, bottom, 0.7 * (1 - depth))
    image = brush.bloom(image, 12)
    brush.mirror(image, rng, shore, night)
    return image


def forest(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    light, fog, far, near, ground = colours
    image = brush.gradient(size, [fog, light, light, fog])
    sun = width * rng.uniform(0.3, 0.7), height * rng.uniform(0.1, 0.35)
    brush.glow(image, sun, max(size) * 0.6, light)
    for depth in (0, 0.25, 0.5, 0.75, 1):
        ink = mix(mix(far, fog, 0.45), near, depth)
        floor = brush.hill(rng, size, height * (0.68 + 0.2 * depth), height * 0.015)
        trunks = []
        for x, y in rng.sample(floor[:-2], round((22 - 17 * depth) * width / 1000) + 2):
            girth = max(size) * (0.003 + 0.014 * depth**1.5) * rng.uniform(0.7, 1.3)
            lean = width * rng.uniform(-0.02, 0.02)
            trunks += brush.trunk(rng, (x, y + height * 0.03), girth, lean)
        brush.paint(image, trunks, ink)
        brush.paint(image, [floor], mix(ink, ground, 0.6), mix(ink, ground, 0.3))
        fog_light = mix(fog, light, 0.5)
        brush.mist(image, rng, fog_light, height * 0.1, height * 1.1, 0.75 * (1 - depth))
    brush.glow(image, sun, max(size) * 0.5, dim(light, 0.55))
    return image


def balloons(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, low, land, accent = colours
    image = brush.gradient(size, [zenith, sky, low, low])
    brush.mist(image, rng, pale(low, 0.6), -height * 0.1, height * 0.8, 0.7)
    sun = width * rng.uniform(0.1, 0.9), height * 0.75
    brush.glow(image, sun, max(size) * 0.6, dim(low, 0.2))
    for depth in (0, 0.4, 1):
        level, ink = height * (0.8 + 0.1 * depth), mix(mix(low, land, 0.4), land, depth)
        outline = brush.ridge(rng, size, level, height * 0.03)
        brush.paint(image, [outline], ink, mix(ink, low, 0.3))
        brush.mist(image, rng, low, level, level + height * 0.2, 0.8 - 0.6 * depth)
    for index, column in enumerate(rng.sample(range(7), 7)):
        depth = ((index + 1) / 7) ** 2
        spot = width * (0.08 + 0.14 * column), height * rng.uniform(0.13, 0.58)
        radius = max(size) * (0.014 + 0.085 * depth) * rng.uniform(0.85, 1.1)
        cloths = [parse(cloth) for cloth in rng.choice(CLOTHS.split()).split("-")]
        inks = [mix(low, ink, 0.35 + 0.65 * depth) for ink in (*cloths, accent)]
        figures.balloon(image, spot, radius, inks)
    return image


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


def cabin(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, snow, shade, firs = colours
    unit, image = max(size) / 100, brush.gradient(size, [zenith, sky, snow, snow])
    brush.stars(image, rng, width // 3)
    peaks = brush.ridge(rng, size, height * 0.42, height * 0.13, 0.55)
    brush.paint(image, [peaks], mix(sky, snow, 0.75), mix(sky, shade, 0.7), shade)
    for depth in (0.3, 0.65):
        bank = brush.ridge(rng, size, height * (0.5 + 0.16 * depth), height * 0.03)
        ink = mix(mix(sky, shade, 0.5), firs, depth)
        brush.paint(image, [bank], ink, mix(ink, sky, 0.4))
        brush.plant(image, rng, bank[:-2], unit * (7 + 9 * depth), ink, mix(ink, sky, 0.3))
        brush.mist(image, rng, snow, height * 0.45, height * 0.85, 0.65 - depth)
    ground = brush.hill(rng, size, height * 0.7, height * 0.02)
    brush.paint(image, [ground], snow, mix(snow, shade, 0.45), shade)
    spot = width * rng.uniform(0.3, 0.7), height * 0.75
    figures.cabin(image, spot, unit * rng.uniform(0.8, 1.1), [snow, shade, firs])
    front = brush.hill(rng, size, height * 0.9, height * 0.03)
    aside = [point for point in front[:-2] if abs(point[0] - spot[0]) > width * 0.2]
    feet = rng.sample(aside, len(aside) // 9)
    brush.plant(image, rng, feet, unit * 26, mix(firs, snow, 0.25), firs)
    brush.paint(image, [front], mix(snow, shade, 0.3), shade)
    brush.specks(image, rng, width // 3, 5, WHITE)
    return image


def jellyfish(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    deep, water, bell, light, plankton = colours
    image = brush.gradient(size, [water, mix(water, deep, 0.6), deep, dim(deep, 0.5)])
    brush.mist(image, rng, mix(water, light, 0.3), -height * 0.3, height * 0.7, 0.45)
    brush.glow(image, (width * rng.uniform(0.2, 0.8), 0), max(size) * 0.6, water)
    brush.specks(image, rng, 150, 3, mix(deep, plankton, 0.6))
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
            brush.paint(lamp, [brush.disc(spot, reach)], dim(ink, 0.3))
            brush.paint(lamp, [brush.disc(spot, reach * 0.93)], dim(ink, 0.45))
            layer = ImageChops.screen(layer, lamp)
        layer = layer.filter(ImageFilter.GaussianBlur(blur)).resize(size, brush.SMOOTH)
        image = ImageChops.screen(image, layer)
    return image
