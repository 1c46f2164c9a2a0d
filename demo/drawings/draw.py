"""Demo images, drawn in the style of images on the web, so that no photographs are needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from demo.drawings import close_ups, scenes
from demo.drawings.brush import Colours, Size, grain, parse

type Motif = Callable[[Random, Size, Colours], Image.Image]

LONGEST_SIDE = 1280


@dataclass(frozen=True)
class Drawing:
    title: str
    description: str
    image: Image.Image


# Each motif has a line of aspect ratios, lines of palettes (five colours, then titles that fit
# them) and a line of descriptions. Day and night, nature and pattern alternate.
MOTIFS: dict[Motif, str] = {
    scenes.mountains: """
3:2 16:9 2:3 4:5
#3b4a7a #b48aa8 #f9c9a0 #a58bb0 #1f2340 First light over the pass|Before breakfast|朝霧の山並み
#5f8fb8 #bcd7e4 #fdf0d8 #9fb8c8 #16333f Blue distance|Mer de nuages|Above the clouds at seven
#2a1f4d #c0507a #ffb36b #9a5a86 #1d1030 The last ten minutes of the day|Alpenglühen|In layers
I could look at these layers for an hour.|For the wall above my desk.|We have to go back.""",
    close_ups.blocks: """
2:3 4:5 1:1 3:2
#f3e8d2 #d9532c #1f5c66 #e8aa3b #22262f Poster for a jazz club|Halves, quarters|Sunday geometry
#f5efe6 #284b8f #e36a5c #f2c14e #7fb2a8 Kitchen curtains, 1958|Formas e cores|Ruler and compass
#ede3cf #2e4a3a #c9703a #e3b98a #7a2e2a Pattern in earth tones|Papier peint rétro|Studio wall
I want this as a blanket.|Somebody print this on a tea towel.|Found while looking for wallpaper.""",
    scenes.aurora: """
3:2 16:9 21:9 2:3 9:16
#040a1c #0b2238 #3df0a0 #8a4be0 #03070f Aurora over the still lake|Revontulet|We stayed up for this
#080820 #1a1a48 #50e0d0 #e04b9a #05050f Pink northern lights|Norðurljós|The sky put on a show
#02101a #0a2c30 #b8f060 #20b0a0 #020a0c Green curtains|Nordlys over vannet|Three in the morning
The reflection is what got me.|On the list for next winter.|How is this even real?""",
    close_ups.flower: """
1:1 4:5 3:2 2:3
#16241c #5f8a5a #8c1c46 #ffb3c1 #e0526a Dahlia, close up|Dahlie, ganz nah|Pink to the very edge
#101828 #4a6a8f #b5401a #ffd08a #e88a2a All the petals in order|菊日和|Sunset in a flower bed
#1d1426 #70588a #4b2a8c #e6d0ff #8a5fd0 Violet dahlia|Fleur de septembre|Geometry that grows
My grandmother grew these along the fence.|Look at the order in it.|To paint one day.""",
    scenes.city: """
3:2 16:9 21:9 9:16 4:5
#070b1f #1b2450 #7a4a6a #0a0d1e #ffcf7a Windows at 2 a.m.|夜更けの街|Who is still awake?
#03131c #0d3a4a #3f8f93 #04141c #ffe0a0 The city across the harbour|Lichter am Wasser|Night shift
#150a26 #45215f #d0668a #100818 #ffb870 Violet hour downtown|मुंबई की रात|Every light a life
Somebody in there is baking bread.|The reflection wins.|I would buy the record with this cover.""",
    scenes.balloons: """
3:2 2:3 4:5 1:1 16:9
#6aa5d8 #b9dbe8 #fde6c4 #4a6076 #4a2c20 Up before the sun|Kapadokya'da bir sabah|Seven, one sky
#4b4f96 #d98fa5 #ffd0a0 #3c2f55 #3a2030 Balloons at daybreak|Balões ao amanhecer|Silent traffic
#3f9aa8 #a9dccf #fff2cf #3f6b5c #4a3320 A good day for hot air|Montgolfières|Drifting east
Those stripes!|I would be far too scared, but look at it.|On my list since I was six.""",
    close_ups.jellyfish: """
2:3 9:16 4:5 3:2
#04102e #12508f #ff8fb0 #ffd0e0 #bfe6ff Pink lanterns|くらげ|Slow ballet
#0a0726 #34268a #60d0ff #d8f4ff #ffc0f0 Glow, drift, repeat|Méduses dans le noir|Blue company
#021a22 #0c6a70 #ffb26b #ffe7b8 #c8fff0 Amber in the deep|Águas-vivas|Lamps without a wire
I stood before that tank for an hour.|Nearly all water, and so elegant.|Calms me every time.""",
    close_ups.azulejos: """
1:1 3:2 4:5 2:3
#f4f1e6 #1d4e9c #6ea3d8 #f0c04a #12306b Azulejos de Lisboa|Wall on a steep street|A little sun
#f2ead8 #0f7a78 #d9853b #0b4a55 #8cc7b5 Courtyard tiles|زخارف مغربية|By the fountain
#fbf3e4 #a83a2e #e0a035 #24507a #6f9a86 The kitchen floor I want|A casa da avó|Rosettes in ochre
Every tile is a little different.|For the bathroom, if I am allowed.|A whole stairwell of these!""",
    scenes.forest: """
2:3 9:16 3:2 4:5
#fdf3d0 #b9c9b4 #7d9a8a #14231d #33402a Quiet between the trunks|森の静けさ|Fog in the spruces
#eef4f7 #a9bcc6 #70899a #0f1c26 #22343c Before the snow|Nebelwald|Not a sound
#ffe2b0 #d69a6a #a0644a #24120e #5a3018 October, eight o'clock|Sous-bois d'automne|Copper wood
I would walk here every morning.|For when a meeting runs long.|You can smell the moss.""",
    scenes.sea: """
3:2 16:9 21:9 4:5 2:3
#2c4a7c #e39a7b #ffd59a #ffb45e #12324f Gold on the water|Pôr do sol no mar|Last swim of summer
#8fc3de #cfe6ee #fff3d6 #ffe6b0 #0f6a80 Morning swim, anyone?|光る海|Half past seven, no wind
#2b1b4f #b0467a #ff9a6c #ff7a4c #1a1040 After the ferry had left|غروب على البحر|From the pier
You can almost hear it.|Why do I live so far from the coast?|On my phone since this morning.""",
    close_ups.bokeh: """
2:3 3:2 1:1 16:9
#1a0f12 #e8a33a #d9622b #ffd08a #b03a3a Out of focus on purpose|Lichterkette|A golden evening
#07131f #2f8fb0 #f0c46a #7ad0c0 #d98a4a Harbour lights, very soft|雨上がりの灯り|Glasses off
#1d0a1e #c04a8a #ff9a6a #8a5ad0 #ffd0b0 The party from the hall|दीपों की रात|Music somewhere
No idea what it was, but it is warm.|The best mistake of the evening.|Softer than it really was.""",
    scenes.cabin: """
3:2 4:5 16:9 2:3
#16224f #4f6ea8 #dbe6f7 #6f88bd #12203f The light was on|Hüttenabend|Snowed in and happy
#2a1b4a #b0708f #f6dfe4 #8d82b5 #1f1a3a Home before dark|雪の夜|One cabin, one lamp
#0d2436 #3f7f96 #dcf0f2 #6ba0b3 #0e2a33 Nobody for miles|Hytte i snøen|Soup inside
No reception. Perfect.|I can hear the stove from here.|Saving this for July.""",
}


def fit(shape: str) -> Size:
    across, down = map(int, shape.split(":"))
    scale = LONGEST_SIDE / max(across, down)
    return round(across * scale), round(down * scale)


def pick[T](choices: Sequence[T], turn: int) -> T:
    return choices[turn % len(choices)]


def draw(number: int) -> Drawing:
    """Return the drawing with this number, the same on every machine."""
    rng = Random(number)
    turn, index = divmod(number, len(MOTIFS))
    paint, table = list(MOTIFS.items())[index]
    shapes, *palettes, descriptions = table.strip().splitlines()
    *palette, titles = pick(palettes, turn).split(maxsplit=5)
    title = pick(titles.split("|"), turn // len(palettes))
    # Every other drawing of a motif has no description.
    description = pick(descriptions.split("|"), turn // 2) if (turn + index) % 2 else ""
    image = paint(rng, fit(rng.choice(shapes.split())), [parse(colour) for colour in palette])
    return Drawing(title, description, grain(image, rng, 0.05))
