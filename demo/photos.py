"""Draw demo profile photos from tables of shapes and colours, so no photographs are needed."""

from random import Random

from PIL import Image, ImageColor, ImageDraw, ImageOps

SUPERSAMPLING = 3
ZOOM, RISE = 1.1, 2  # The person has to fill a round crop.
CURVE_STEPS = [step / 10 for step in range(11)]
MIX_SHARE = 0.3
MIN_CONTRAST = 110
LINE_WIDTHS = {"thread": 1, "line": 1.4, "band": 2.4}
INKS = {"ink": "#1f1830", "dark": "#35123a"}
# Each skin colour with the hair colours that contrast with it.
SKINS = {
    "#ffdcc2": "#2b2026 #5e3a24 #8d5527 #c0562b #dba53f #e6bf6a",
    "#f7c9a0": "#2b2026 #3b2620 #6b4226 #a8481f #b9b6c4",
    "#eab184": "#2b2026 #3b2620 #5e3a24 #8f3d1b",
    "#d1935f": "#231b22 #3b2620 #4c2c1d #6b2f1a",
    "#a96b42": "#1d171d #33211d #45201a #d5d2dc",
    "#8a5535": "#1d171d #2b1c1a #31131a",
    "#74482f": "#17121a #241a1e",
}
BACKDROPS = """
#ffc368-#ff8552 #72d6c9-#2a9d8f #8db4ff-#4a6cf0 #c3acff-#8262dc #ffadc2-#f0638a #ffe07a-#f7ae2d
#b3e07f-#53b36b #7dd8ff-#2497db #ff9f8a-#dd5562 #c9f2de-#74cfaa #f3c1e4-#c274bd #4a6cb0-#2a4178"""
FABRICS = """
#264653-#e9c46a #e4572e-#fff3e0 #f8f4ec-#3d5a80 #3d405b-#f2cc8f #148f80-#e3fff7
#6a4c93-#ffca3a #cf2945-#ffe5d9 #1d3557-#a8dadc #ffbe3d-#5b2a86 #ff6b9a-#2b2d42"""

# Each table below holds choices separated by "|", and each choice holds steps separated by ";". A
# step is a shape, a colour (a role, a CSS name, or two to mix) and points in hundredths of the
# photo, with x counted from the middle; an oval has a centre and radii. A plural shape is drawn on
# both sides, and a half is completed by its reflection. Steps before a "/" are behind the person.
MOTIFS = """
| oval pale+white 0,46 36,36
| oval pale+deep -34,106 46,50; oval pale+white 38,108 44,46
| oval pale+white 0,46 40,40; oval pale+deep 0,46 32,32
| poly pale+white -60,110 60,-10 60,110"""
NECK = """
poly skin -7.5,56 7.5,56 7.5,72 -7.5,72; half skin 0,66 7.5,67 9.6,71 13,80 0,86;
poly skin+dark -7.5,56 7.5,56 7.5,65.5 -7.5,65.5; oval skin+dark 0,65.5 7.5,4.5"""
TORSO = "0,76 6,75 9.5,70.5 9.5,70.5 19,74 29,78.5 36,88 38,106 0,106"
CREW = f"half cloth {TORSO}; band cloth+dark -9.5,70.5 -6,75 0,76.3 6,75 9.5,70.5"
# Crew neck, stripes, v-neck, turtleneck, collar, hood, jacket.
GARMENTS = f"""{CREW}
| {CREW}; polys accent 0,79 29.6,79 33.4,83 0,83; polys accent 0,87 35.6,87 37.2,91 0,91
| half cloth {TORSO}; poly accent -11,70.5 11,70.5 0,88; poly skin -9,70 9,70 0,84
| half cloth {TORSO}; half cloth+dark 0,66.5 8.4,65 10,70 11,76 0,79
| half cloth {TORSO}; polys accent 0,78.5 8,66.5 15,74 9,84; oval accent 0,85 1,1
| {CREW}; half cloth+dark 0,79 7,76 9,67 13,67 18,72 13,81 0,87; lines accent 6,82 6.5,87 6,92
| half accent {TORSO}; blobs cloth 9,70 19,74 29,78.5 36,88 38,106 8,106 5,92;
  polys cloth+dark 8.5,68.5 14,72 16,80 12,82 13,85 5,96"""
HEAD = """
ovals skin 17.6,47.5 3.6,4.8; ovals skin+dark 18,47.7 1.8,2.8;
half skin 0,24 9.5,26.4 15.6,33.5 17.6,44 15.2,57 8,64.5 0,66.5"""
MARKS = """
| ovals skin+tomato 11.2,53.6 3.4,2.4
| ovals skin+tomato 11.2,53.6 3.4,2.4; ovals gold 19.4,53.2 1.5,1.5
| ovals skin+dark 8,52.4 .6,.6; ovals skin+dark 10.5,53.8 .6,.6; ovals skin+dark 13,52.4 .6,.6"""
BROWS = """lines hair+dark 4.6,40 6.8,39.1 9.4,39.4 11.6,41
| lines hair+dark 4.6,40.8 6.8,39.6 9.4,39.6 11.6,40.8"""
NOSE = "line skin+dark -2.2,52 -1,53 1,53 2.2,52"
EYES = """ovals white 7.8,46.4 3.2,3; ovals ink 7.6,46.4 2,2.3
| ovals ink 7.8,46.4 2.1,2.6; ovals white 8.5,45.4 .7,.7
| lines ink 4.8,47.4 5.9,45.8 7.8,45 9.7,45.8 10.8,47.4"""
MOUTHS = """line crimson -4.9,58.4 -2.8,60.2 0,60.9 2.8,60.2 4.9,58.4
| half crimson 0,57.6 5.6,57.4 5.6,57.4 4,61.4 0,62.8; half white 0,57.9 4.6,57.8 4,59.6 0,60"""
BEARD = "0,54.5 5,54.5 11,54 14.5,50 16,44 17.9,45 17.2,54 13,63 7,68.6 0,70"
BEARDS = f"""|
| half hair {BEARD}; oval skin 0,59.8 6.6,3.6
| half skin+hair {BEARD}
| half hair 0,54.6 3,54 7,55.6 9,58 4,57.4 0,56.8"""
ROUND = "17.4,45.4 13.4,46 12,50.5 7.8,52.2 3.6,50.5 2,46.4 3.6,42.4 7.8,40.8 12,42.4 13.4,46"
SQUARE = "17.4,45.4 13.8,45 13,50.4 7.8,51.4 2.6,50.4 1.8,45 2.6,42.2 7.8,41.8 13,42.2 13.8,45"
GLASSES = f"""|||
| lines ink {ROUND}; line ink -2,46 0,45.2 2,46
| lines ink {SQUARE}; line ink -2,45.6 0,45 2,45.6
| lines goldenrod {ROUND}; line goldenrod -2,46 0,45.2 2,46"""
CROP = "half hair 0,19 10,21.2 16.6,27.6 18.9,36 18.8,42 16.8,43 16,36.5 11,32.5 0,31.5"
# Bald, crop, side part, quiff, curls, afro, beanie.
SHORT_HAIR = f"""
| {CROP}
| blob hair -8,20 2,17 13,20 19,30 18.8,42 16.8,43 15,36 5,33.5 -9,27 -14.5,34 -16.8,43 -18.8,42
  -18.6,30; thread hair+dark -9,26 -6,22.5 0,20.5
| blob hair -13,17 -2,13 12,12 18,20 19,31 18.8,42 16.8,43 15.6,34 9,30 -8,30 -15.6,34 -16.8,43
  -18.8,42 -18.4,28; thread hair+dark -8,25 0,19 11,17
| {CROP}; ovals hair 4,20 7,7; ovals hair 13,25 7,7; ovals hair 17.6,33 5,5;
  ovals hair 5,29 5,5; ovals hair 11.5,31 4.5,4.5
| half hair+dark 0,7 15,10 25.5,21 28,36 23.5,51 14,58 0,60 /
  half hair 0,12 12,14 21,24 19.5,40 16.4,40 14,33 7,30 0,29.5
| half hat 0,13 10,15 16.6,21.5 18.8,32 0,32; half hat+dark 0,28.5 18,28.5 20.4,33 18,37 0,37"""
# Bob, middle part, side part, bun, two buns, curls, braids, headscarf.
LONG_HAIR = f"""half hair+dark 0,18 12,21 20,30 23.4,48 22.4,65 14,68 0,68 /
  half hair 0,18 11,20.6 18.6,28 22,44 20.6,60 16,50 15.6,40 9,37.5 0,37.5
| half hair+dark 0,18 12,21 20,31 23,56 22,76 0,76 /
  half hair 0,18 11,20.6 18.8,28 22.6,46 25,74 20,86 15,80 17.5,64 16.5,48 13,36 6,30 0,25
| half hair+dark 0,18 12,21 20,31 23,56 22,72 0,72 /
  blob hair -9,20.6 2,17.6 12,20.8 19,28 22.6,46 25,74 20,86 15,80 17.5,64 16.5,48 13,38 3,33 -8,25
  -14,35 -16.5,48 -18.5,62 -22.5,58 -22.5,42 -19.5,28; thread hair+dark -8,25 -5,22 1,20
| oval hair 0,13.5 8,8; {CROP}; half trim 0,18.5 5,18.5 5.5,20.5 0,21
| ovals hair 14.5,17 7.5,7.5; {CROP}; thread hair+dark 0,20.5 0,30
| half hair+dark 0,18 12,21 20,31 23,56 22,72 0,72 / {CROP}; ovals hair 4,20 7,7;
  ovals hair 13,24.5 7,7; ovals hair 19,34 6.5,6.5; ovals hair 21.5,45 6.5,6.5;
  ovals hair 22,56 7,7; ovals hair 21,67 6.5,6.5; ovals hair 5,28.5 5,5; ovals hair 12,31 4.5,4.5
| half hair 0,18.5 11,21 18.4,28.5 21.5,44 20,56 17,54 16.5,46 13,36 6,30 0,25;
  ovals hair 19.5,58 4,4.4; ovals hair 20,65 4,4.4; ovals hair 20.5,72 4,4.4;
  ovals hair 20.5,82 3,4; ovals trim 20.5,77.4 2.6,1.6
| half hat+dark 0,66.4 8,64.4 14.6,57 18,50 22,50 22,68 25,80 14,88 0,92;
  half hat 0,17 12,20 20,29 22.4,48 16,65 13.5,59 15.6,48 13,37 7,32 0,30.5;
  line hat -16,70 -4,75 10,75 19,70; line hat -18,78 -6,83 8,83"""


def mix(first: str, second: str) -> str:
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * MIX_SHARE):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> int:
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return sum(abs(a - b) for a, b in pairs)


def pick_pair(rng: Random, palette: str, *others: str) -> list[str]:
    pairs = [pair.split("-") for pair in palette.split()]
    return rng.choice([p for p in pairs if all(contrast(p[0], o) > MIN_CONTRAST for o in others)])


def pick_colours(rng: Random) -> dict[str, str]:
    skin = rng.choice(list(SKINS))
    hair = rng.choice(SKINS[skin].split())
    pale, deep = pick_pair(rng, BACKDROPS, skin, hair)
    cloth, accent = pick_pair(rng, FABRICS, skin, pale, deep)
    hat, trim = pick_pair(rng, FABRICS, skin, pale, deep)
    dress = {"cloth": cloth, "accent": accent, "hat": hat, "trim": trim}
    return INKS | dress | {"pale": pale, "deep": deep, "skin": skin, "hair": hair}


def pick_steps(rng: Random) -> list[str]:
    def pick(table: str) -> str:
        return rng.choice(table.split("|"))

    hair, beards = rng.choice(((SHORT_HAIR, BEARDS), (LONG_HAIR, "")))
    behind, _, front = pick(hair).rpartition("/")
    face = (pick(MARKS), pick(beards), pick(MOUTHS), NOSE, pick(EYES), pick(BROWS), pick(GLASSES))
    layers = (pick(MOTIFS), behind, NECK, pick(GARMENTS), HEAD, *face, front)
    return [step for layer in layers for step in layer.split(";") if step.strip()]


def smooth(points: list[complex]) -> list[complex]:
    """Return points on a Catmull-Rom spline; complex numbers hold x and y."""
    return [
        b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False)
        for t in CURVE_STEPS
    ]


def trace(image: Image.Image, shape: str, points: list[complex], ink: str) -> None:
    pen, unit = ImageDraw.Draw(image), image.width / 100

    def place(spots: list[complex]) -> list[tuple[float, float]]:
        return [((50 + p.real * ZOOM) * unit, (p.imag * ZOOM - RISE) * unit) for p in spots]

    match shape:
        case "oval":
            centre, radii = points[0], complex(abs(points[1].real), points[1].imag)
            pen.ellipse(place([centre - radii, centre + radii]), ink)
        case "poly":
            pen.polygon(place(points), ink)
        case "blob":
            pen.polygon(place(smooth([points[-1], *points, *points[:2]])), ink)
        case _:
            path, width = smooth([points[0], *points, points[-1]]), LINE_WIDTHS[shape]
            pen.line(place(path), ink, round(width * unit), joint="curve")
            for end in (path[0], path[-1]):
                trace(image, "oval", [end, (1 + 1j) * width / 2], ink)


def draw_step(image: Image.Image, step: str, colours: dict[str, str]) -> None:
    shape, names, *numbers = step.split()
    inks = [colours.get(name, name) for name in names.split("+")]
    points = [complex(*map(float, pair.split(","))) for pair in numbers]
    mirrored = [-point.conjugate() for point in points]
    if shape == "half":
        shape, points = "blob", points + [point for point in reversed(mirrored) if point.real]
    for side in (points, mirrored) if shape.endswith("s") else (points,):
        trace(image, shape.removesuffix("s"), side, mix(inks[0], inks[-1]))


def draw_photo(seed: str, size: int = 640) -> Image.Image:
    """Return the photo for a seed, the same on every machine."""
    rng = Random(seed)
    colours = pick_colours(rng)
    gradient = ImageOps.colorize(Image.linear_gradient("L"), colours["pale"], colours["deep"])
    large = gradient.resize((size * SUPERSAMPLING, size * SUPERSAMPLING))
    for step in pick_steps(rng):
        draw_step(large, step, colours)
    return large.resize((size, size), Image.Resampling.LANCZOS)
