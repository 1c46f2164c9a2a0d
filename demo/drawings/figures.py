"""Figures in drawings: houses, balloons, petals, tiles, creatures."""

from math import cos, pi, sin, tau
from random import Random

from PIL import Image, ImageDraw, ImageOps

from demo.drawings.brush import (
    BLACK,
    LAMP,
    WHITE,
    Colour,
    Colours,
    Outline,
    Point,
    bloom,
    dim,
    glow,
    mix,
    pale,
)
from demo.drawings.outlines import disc, paint


def houses(image: Image.Image, rng: Random, shore: int, depth: float, inks: Colours) -> None:
    """Draw a row of houses; `depth` is 0 far away and 1 at the shore."""
    wall, haze, lamp = inks
    unit, x = max(image.size) / 1280, -20.0
    while x < image.width:
        breadth = unit * rng.uniform(40, 100) * (0.5 + depth / 2)
        tall = image.height * rng.uniform(0.08, 0.3) * (1.25 - 0.35 * depth)
        top, right = shore - tall * rng.choice((1, 1, 1.5)), x + breadth
        house = [(x, shore), (x, top), (right, top), (right, shore)]
        paint(image, [house], wall, mix(wall, haze, 0.25))
        if rng.random() < 0.3:
            mast = x + breadth / 2
            paint(image, [[(mast - 2, top), (mast, top - tall * 0.25), (mast + 2, top)]], wall)
        light_windows(image, rng, (x, top, right, shore), mix(wall, lamp, 0.35 + 0.65 * depth))
        x += breadth * rng.uniform(0.75, 1)


def light_windows(
    image: Image.Image, rng: Random, box: tuple[float, float, float, float], lamp: Colour
) -> None:
    left, top, right, bottom = map(round, box)
    pen, lit = ImageDraw.Draw(image), rng.uniform(0.1, 0.5)
    wide, high = rng.choice((4, 5, 7)), rng.choice((5, 6, 8))
    for y in range(top + high * 2, bottom - high, high * 2):
        for x in range(left + wide, right - wide, wide * 8 // 5):
            if rng.random() < lit:
                ink = mix(lamp, rng.choice((WHITE, BLACK, LAMP)), rng.uniform(0, 0.6))
                pen.rectangle((x, y, x + wide - 2, y + high - 1), ink)


def balloon(image: Image.Image, centre: Point, radius: float, inks: Colours) -> None:
    """Draw the gores of a balloon, strips between two meridians, darker to the right."""
    x, y = centre
    shape = [(-cos(turn), sin(turn)) for turn in (step * 1.95 / 14 for step in range(15))]
    shape.append((1.25, 0.3))
    for gore in range(12):
        west, east = (sin((gore + side) / 12 * pi - pi / 2) for side in (0, 1))
        left = [(x + radius * girth * west, y + radius * fall) for fall, girth in shape]
        right = [(x + radius * girth * east, y + radius * fall) for fall, girth in shape]
        ink = dim(inks[gore % 2], 0.05 + 0.4 * (gore / 12) ** 2)
        paint(image, [left + right[::-1]], pale(ink, 0.2), ink, dim(ink, 0.3))
    basket = [(-0.13, 1.55), (0.13, 1.55), (0.1, 1.75), (-0.1, 1.75)]
    ropes = [[(s * 0.26, 1.24), (s * 0.13, 1.56), (s * 0.11, 1.56)] for s in (-1, 1)]
    parts = [[(x + a * radius, y + b * radius) for a, b in part] for part in (basket, *ropes)]
    paint(image, parts, inks[2])


def petal(centre: Point, length: float, turn: float, slim: float, scale: float) -> Outline:
    x, y = centre
    outline = []
    for step in range(-18, 19):
        along = (1 - abs(step) / 18) * (0.85 + 0.15 * scale)
        across = slim * scale * sin(pi * min(1, along) ** 1.4) ** 0.8 * (1 if step > 0 else -1)
        down, right = along * sin(turn) + across * cos(turn), along * cos(turn) - across * sin(turn)
        outline.append((x + right * length, y + down * length))
    return outline


def azulejo(rng: Random, side: int, colours: Colours) -> Image.Image:
    """Paint one quarter of a tile and reflect it twice, so that tiles join into rosettes."""
    half = side // 2
    quarter = Image.new("RGB", (half, half), colours[0])
    for corner in (0, half):
        radius, inks = half * rng.uniform(0.6, 0.95), rng.sample(colours, len(colours))
        for ring in range(rng.randrange(3, 6)):
            paint(quarter, [disc((corner, corner), radius)], inks[ring % len(inks)])
            radius *= rng.uniform(0.6, 0.85)
    for ink in rng.sample(colours[1:], 3):
        spot, reach = half * rng.uniform(0.25, 0.75), half * rng.uniform(0.08, 0.2)
        bud = [(spot + reach, spot - reach), (spot, spot), (spot - reach, spot + reach)]
        paint(quarter, [[(0, half), *bud], [(half, 0), *bud], disc((spot, spot), reach)], ink)
    tile = Image.new("RGB", (side, side))
    for x, row in ((0, quarter), (half, ImageOps.mirror(quarter))):
        tile.paste(row, (x, 0))
        tile.paste(ImageOps.flip(row), (x, half))
    return ImageOps.expand(tile.crop((1, 1, side - 1, side - 1)), 1, dim(colours[0], 0.35))


def block(rng: Random, side: int, inks: Colours) -> Image.Image:
    """Draw one square of a poster: an arch, two halves, a ring, a leaf, stripes or a corner."""
    ground, figure, dot = inks
    tile, half = Image.new("RGB", (side, side), ground), side / 2
    match rng.choice(("arch", "halves", "ring", "leaf", "stripes", "corner")):
        case "arch":
            for share, ink in ((1, figure), (0.66, dot), (0.33, ground)):
                paint(tile, [disc((0, 0), side * share)], ink)
        case "halves":
            paint(tile, [disc((half, 0), half), disc((half, side), half)], figure)
        case "ring":
            paint(tile, [disc((half, half), half * 0.8)], figure)
            paint(tile, [disc((half, half), half * 0.4)], dot)
        case "leaf":
            rise = [(step / 20 * side, side * (step / 20) ** 2.4) for step in range(21)]
            paint(tile, [rise + [(y, x) for x, y in reversed(rise)]], figure)
        case "stripes":
            bars = [(edge * side / 8, (edge + 1) * side / 8) for edge in (0.5, 2.5, 4.5, 6.5)]
            paint(tile, [[(0, a), (side, a), (side, b), (0, b)] for a, b in bars], figure)
        case "corner":
            paint(tile, [[(0, 0), (side, 0), (0, side)]], figure)
            paint(tile, [disc((side * 0.65, side * 0.65), side * 0.15)], dot)
    return tile.rotate(rng.choice((0, 90, 180, 270)))


def cabin(image: Image.Image, spot: Point, unit: float, inks: Colours) -> None:
    snow, shade, firs = inks
    wood = mix(firs, (70, 40, 25), 0.6)

    def place(*points: Point) -> Outline:
        return [(spot[0] + x * unit, spot[1] + y * unit) for x, y in points]

    glow(image, spot, unit * 22, (120, 70, 25))
    paint(image, [place((-8, 0), (-8, -7), (9, -7), (9, 0))], dim(wood, 0.2), wood)
    gable = place((-8, 0), (-8, -7), (-4, -11), (0, -7), (0, 0))
    paint(image, [gable], mix(wood, LAMP, 0.12), wood)
    paint(image, [place((5, -11), (5, -15), (7, -15), (7, -11))], dim(wood, 0.3))
    roof = place((-4, -12), (6, -12), (10.5, -6.4), (0.8, -6.4))
    paint(image, [roof], WHITE, snow, mix(snow, shade, 0.4))
    eaves = place((-4, -12), (-9.2, -6.2), (-8.4, -5.8), (-4, -10.6), (0.4, -5.8), (1.2, -6.2))
    paint(image, [eaves], snow)
    for x in (-5.2, 2.2, 5.6):
        pane = place((x, -5.2), (x + 2.4, -5.2), (x + 2.4, -2.4), (x, -2.4))
        paint(image, [pane], mix(LAMP, WHITE, 0.4), LAMP)
        for centre in place((x + 1.2, -3.8), (x + 1.2, 1.5)):  # The pane and the snow below it.
            glow(image, centre, unit * 5.5, (170, 100, 35))


def jelly(rng: Random, radius: int, bell: Colour, light: Colour) -> Image.Image:
    """Draw a jellyfish on black, to be blended in as light."""
    image = Image.new("RGB", (radius * 4, radius * 6))
    x, y = radius * 2, radius * 1.5
    for arm in range(25):
        start = radius * 0.85 * (arm / 12 - 1)
        thick = radius * (0.09 if arm in (8, 11, 13, 16) else 0.016)
        outline = tentacle(rng, (x + start, y), radius * rng.uniform(2, 4), thick, -start * 0.4)
        paint(image, [outline], mix(bell, light, 0.5), dim(bell, 0.4), BLACK)
    for scale in (1, 0.95, 0.85, 0.7, 0.5):
        turns = [step * tau / 72 for step in range(72)]
        hem = [(t, 0.92 * scale * sin(t) if sin(t) < 0 else 0.1 * sin(t * 9)) for t in turns]
        dome = [(x + radius * scale * cos(t), y + radius * fall) for t, fall in hem]
        tones = pale(light, 0.25), dim(bell, 0.75 - 0.4 * scale), mix(bell, light, scale / 2)
        paint(image, [dome], *tones, cover=0.6)
    return bloom(image, max(4, radius // 6))


def tentacle(rng: Random, root: Point, length: float, thick: float, drift: float) -> Outline:
    start, frill = rng.uniform(0, tau), rng.uniform(18, 40)
    left: list[Point] = []
    right: list[Point] = []
    for along in (step / 48 for step in range(49)):
        x = root[0] + along * (drift + length * 0.08 * sin(start + 7 * along))
        for side, sign in ((left, -1), (right, 1)):
            ruffle = sign * thick * (1 - along) * (1 + 0.5 * sin(frill * along + start * sign))
            side.append((x + ruffle, root[1] + length * along))
    return [*left, *reversed(right)]
