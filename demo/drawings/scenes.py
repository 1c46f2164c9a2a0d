"""Landscapes. Each function draws a whole image from five colours."""

from random import Random

from PIL import Image, ImageChops, ImageOps

from demo.drawings import brush, figures, outlines, skies
from demo.drawings.brush import WHITE, Colours, Size, dim, mix, pale, parse

CLOTHS = "#d6483c-#f7e2be #f0a032-#be3246 #2e6e96-#f0e1c8 #fac850-#3c5a82 #784682-#f09678"


def mountains(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, dawn, far, near = colours
    image = brush.gradient(size, [zenith, sky, dawn, dawn])
    brush.mist(image, rng, pale(dawn, 0.5), -height * 0.1, height * 0.45, 0.6)
    sun = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.24, 0.36)
    brush.glow(image, sun, max(size) * 0.5, dawn)
    outlines.paint(image, [outlines.disc(sun, max(size) * 0.022)], pale(dawn, 0.85))
    brush.glow(image, sun, max(size) * 0.12, pale(dawn, 0.3))
    for depth in (0, 0.18, 0.36, 0.55, 0.75):
        level, crest = height * (0.42 + 0.5 * depth), mix(far, near, depth)
        haze = mix(crest, dawn, 0.75 - 0.5 * depth)
        outline = outlines.ridge(rng, size, level, height * 0.1, 0.55)
        outlines.paint(image, [outline], crest, haze, haze)
        top, bottom = level - height * 0.03, level + height * 0.4
        brush.mist(image, rng, dawn, top, bottom, 0.9 - 0.75 * depth)
    front = outlines.ridge(rng, size, height * 0.95, height * 0.05)
    outlines.paint(image, [front], near)
    outlines.plant(image, rng, front[:-2:2], height * 0.16, dim(near, 0.2), near)
    return image


def aurora(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    night, sky, low, high, land = colours
    image = brush.gradient(size, [night, sky, mix(sky, low, 0.25), sky])
    skies.stars(image, rng, width * height // 1000)
    for _ in range(3):
        veil = skies.curtain(rng, (width // 4, height // 4), low, high)
        image = ImageChops.screen(image, veil.resize(size, brush.SMOOTH))
    shore = round(height * rng.uniform(0.6, 0.7))
    far_bank = outlines.ridge(rng, size, shore - height * 0.05, height * 0.035)
    outlines.paint(image, [far_bank], mix(land, sky, 0.45))
    bank = [(x, shore + 2) for x in range(0, width, 7) if rng.random() < 0.85]
    outlines.plant(image, rng, bank, height * 0.085, land)
    skies.mirror(image, rng, shore, night)
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
    outlines.paint(image, [outlines.disc((x, y), max(size) * 0.03)], pale(sun, 0.85))
    brush.glow(image, (x, y), max(size) * 0.1, dim(sun, 0.4))
    image.paste(skies.swell(rng, (width, height - horizon), x, colours), (0, horizon))
    return image


def city(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    night, sky, haze, wall, lamp = colours
    image = brush.gradient(size, [night, mix(night, sky, 0.6), sky, haze, haze])
    skies.stars(image, rng, width // 4)
    shore = round(height * rng.uniform(0.68, 0.78))
    brush.glow(image, (width * rng.uniform(0.3, 0.7), shore), max(size) * 0.6, haze)
    for depth in (0.1, 0.5, 1):
        far_wall = mix(mix(sky, haze, 0.3), wall, depth)
        figures.houses(image, rng, shore, depth, [far_wall, haze, lamp])
        top, bottom = shore - height * 0.25, shore + height * 0.25
        brush.mist(image, rng, haze, top, bottom, 0.7 * (1 - depth))
    image = brush.bloom(image, 12)
    skies.mirror(image, rng, shore, night)
    return image


def forest(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    light, fog, far, near, ground = colours
    image = brush.gradient(size, [fog, light, light, fog])
    sun = width * rng.uniform(0.3, 0.7), height * rng.uniform(0.1, 0.35)
    brush.glow(image, sun, max(size) * 0.6, light)
    for depth in (0, 0.25, 0.5, 0.75, 1):
        ink = mix(mix(far, fog, 0.45), near, depth)
        floor = outlines.hill(rng, size, height * (0.68 + 0.2 * depth), height * 0.015)
        trunks = []
        for x, y in rng.sample(floor[:-2], round((22 - 17 * depth) * width / 1000) + 2):
            girth = max(size) * (0.003 + 0.014 * depth**1.5) * rng.uniform(0.7, 1.3)
            lean = width * rng.uniform(-0.02, 0.02)
            trunks += outlines.trunk(rng, (x, y + height * 0.03), girth, lean)
        outlines.paint(image, trunks, ink)
        outlines.paint(image, [floor], mix(ink, ground, 0.6), mix(ink, ground, 0.3))
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
        outline = outlines.ridge(rng, size, level, height * 0.03)
        outlines.paint(image, [outline], ink, mix(ink, low, 0.3))
        brush.mist(image, rng, low, level, level + height * 0.2, 0.8 - 0.6 * depth)
    for index, column in enumerate(rng.sample(range(7), 7)):
        depth = ((index + 1) / 7) ** 2
        spot = width * (0.08 + 0.14 * column), height * rng.uniform(0.13, 0.58)
        radius = max(size) * (0.014 + 0.085 * depth) * rng.uniform(0.85, 1.1)
        cloths = [parse(cloth) for cloth in rng.choice(CLOTHS.split()).split("-")]
        inks = [mix(low, ink, 0.35 + 0.65 * depth) for ink in (*cloths, accent)]
        figures.balloon(image, spot, radius, inks)
    return image


def cabin(rng: Random, size: Size, colours: Colours) -> Image.Image:
    width, height = size
    zenith, sky, snow, shade, firs = colours
    unit, image = max(size) / 100, brush.gradient(size, [zenith, sky, snow, snow])
    skies.stars(image, rng, width // 3)
    peaks = outlines.ridge(rng, size, height * 0.42, height * 0.13, 0.55)
    outlines.paint(image, [peaks], mix(sky, snow, 0.75), mix(sky, shade, 0.7), shade)
    for depth in (0.3, 0.65):
        bank = outlines.ridge(rng, size, height * (0.5 + 0.16 * depth), height * 0.03)
        ink = mix(mix(sky, shade, 0.5), firs, depth)
        outlines.paint(image, [bank], ink, mix(ink, sky, 0.4))
        outlines.plant(image, rng, bank[:-2], unit * (7 + 9 * depth), ink, mix(ink, sky, 0.3))
        brush.mist(image, rng, snow, height * 0.45, height * 0.85, 0.65 - depth)
    ground = outlines.hill(rng, size, height * 0.7, height * 0.02)
    outlines.paint(image, [ground], snow, mix(snow, shade, 0.45), shade)
    spot = width * rng.uniform(0.3, 0.7), height * 0.75
    figures.cabin(image, spot, unit * rng.uniform(0.8, 1.1), [snow, shade, firs])
    front = outlines.hill(rng, size, height * 0.9, height * 0.03)
    aside = [point for point in front[:-2] if abs(point[0] - spot[0]) > width * 0.2]
    feet = rng.sample(aside, len(aside) // 9)
    outlines.plant(image, rng, feet, unit * 26, mix(firs, snow, 0.25), firs)
    outlines.paint(image, [front], mix(snow, shade, 0.3), shade)
    skies.specks(image, rng, width // 3, 5, WHITE)
    return image
