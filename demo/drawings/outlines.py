"""Outlines of shapes in drawings, and how to fill them."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, sin, tau
from random import Random

from PIL import Image, ImageDraw

from demo.drawings.brush import (
    Colour,
    Outline,
    Point,
    Size,
    gradient,
)


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
