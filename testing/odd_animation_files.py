"""Animations of kinds that decoders often show wrongly."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from PIL import Image

from testing.crafted_image_files import png, png_chunk, riff
from testing.image_files import encode
from testing.odd_image_files import HEIGHT, PALETTE, SIZE, WIDTH, rows

type Index = Callable[[int, int], int]

RED, GREEN, BLUE, YELLOW = range(4)
PALETTE_COLOURS = [(255, 0, 0), (0, 200, 0), (0, 0, 255), (255, 255, 0)]
TABLE = bytes(value for colour in PALETTE_COLOURS for value in colour)
END = b";"


@dataclass(frozen=True)
class Part:
    """A frame: where it is, its colours by number, and what happens to it."""

    box: tuple[int, int, int, int]
    index: Index
    disposal: int = 0
    # The transparent colour of a GIF; in a PNG, whether it is blended.
    clear: int | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.box[2:]

    def pixel(self, x: int, y: int) -> tuple[int, ...]:
        return (self.index(x, y),)


def plain(colour: int) -> Index:
    return lambda x, y: colour


def squares(one: int, other: int) -> Index:
    return lambda x, y: one if (x // 10 + y // 10) % 2 else other


# The parts overlap, and none but the first fills the canvas.
BOXES = [(0, 0, WIDTH, HEIGHT), (20, 10, 60, 50), (50, 30, 60, 45), (5, 5, 30, 20)]
INDEXES = [plain(RED), squares(GREEN, BLUE), squares(YELLOW, BLUE), plain(YELLOW)]


def gif(
    *parts: Part, size: tuple[int, int] = SIZE, end: bytes = END, table: bytes = TABLE
) -> bytes:
    data = b"GIF89a" + struct.pack("<HHBBB", *size, 0x81 if table else 0, 0, 0) + table
    data += b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0"
    for part in parts:
        flags = part.disposal << 2 | (part.clear is not None)
        data += b"!\xf9\4" + struct.pack("<BHBB", flags, 30, part.clear or 0, 0)
        image = Image.new("P", part.size)
        image.putpalette(TABLE)
        width, height = part.size
        image.putdata([part.index(x, y) for y in range(height) for x in range(width)])
        single = encode(image, "GIF", optimize=False)
        at = single.index(b",\0\0\0\0" + struct.pack("<HH", width, height))
        data += b"," + struct.pack("<HHHHB", *part.box, 0x81 if not table else 0)
        data += (b"" if table else TABLE) + single[at + 10 : -1]
    return data + end


def palette_apng(*parts: Part, transparency: bytes = b"") -> bytes:
    chunks = [png_chunk(b"acTL", struct.pack(">II", len(parts), 0)), png_chunk(b"PLTE", TABLE)]
    if transparency:
        chunks.append(png_chunk(b"tRNS", transparency))
    number = 0
    for part in parts:
        left, top, width, height = part.box
        place = struct.pack(">IIIII", number, width, height, left, top)
        blending = struct.pack(">HHBB", 1, 10, part.disposal, part.clear is not None)
        chunks.append(png_chunk(b"fcTL", place + blending))
        data = zlib.compress(rows(part.pixel, size=part.size))
        numbered = struct.pack(">I", number + 1) + data
        chunks.append(png_chunk(b"fdAT", numbered) if number else png_chunk(b"IDAT", data))
        number += 2 if number else 1
    return png(SIZE, *chunks, colour=PALETTE)


def webp(*parts: Part, flags: int = 0x12) -> bytes:
    width, height = (struct.pack("<I", side - 1)[:3] for side in SIZE)
    chunks = [(b"VP8X", bytes([flags, 0, 0, 0]) + width + height), (b"ANIM", b"\0\0\xff\xff\0\0")]
    for part in parts:
        image = Image.new("RGBA", part.size)
        width_, height_ = part.size
        colours = [(*colour, 255) for colour in PALETTE_COLOURS]
        if part.clear is not None:
            colours[part.clear] = (0, 0, 0, 0)
        image.putdata([colours[part.index(x, y)] for y in range(height_) for x in range(width_)])
        place = [part.box[0] // 2, part.box[1] // 2, part.box[2] - 1, part.box[3] - 1, 100]
        head = b"".join(struct.pack("<I", value)[:3] for value in place)
        pixels = encode(image, "WEBP", lossless=True)[12:]
        chunks.append((b"ANMF", head + bytes([part.disposal]) + pixels))
    return riff(*chunks)


def parts(disposals: tuple[int, ...], clear: tuple[int | None, ...]) -> list[Part]:
    columns = zip(BOXES, INDEXES, (*disposals, 0), clear, strict=True)
    return [Part(*column) for column in columns]


def disposed_gifs() -> Iterator[tuple[str, bytes]]:
    for disposals in product((1, 2, 3), (1, 2, 3), (1, 2)):
        yield f"GIF {disposals}", gif(*parts(disposals, (None, GREEN, BLUE, None)))


def disposed_pngs() -> Iterator[tuple[str, bytes]]:
    for disposals in product((0, 1, 2), (0, 1, 2), (0, 1)):
        for clear in ((None, 1, 1, 1), (None, None, None, None)):
            frames = parts(disposals, clear)
            name = f"PNG {disposals} {clear}"
            yield name, palette_apng(*frames, transparency=bytes([255, 0, 128, 255]))


def disposed_webps() -> Iterator[tuple[str, bytes]]:
    for disposals in product((0, 1), (0, 1), (0, 1)):
        yield f"WebP {disposals}", webp(*parts(disposals, (None, GREEN, BLUE, None)))


def on_odd_canvases() -> Iterator[tuple[str, bytes]]:
    small, other = Part((30, 20, 50, 40), plain(RED), 2), Part((40, 30, 20, 40), plain(BLUE))
    whole = Part(BOXES[0], squares(RED, GREEN))
    yield "GIF with a small first frame", gif(small, other)
    yield "GIF larger than its canvas", gif(whole, other, size=(60, 40))
    yield "GIF with a frame partly outside", gif(whole, Part((100, 60, 50, 40), plain(BLUE)))
    yield "GIF without a canvas", gif(whole, other, size=(0, 0))
    yield "still GIF smaller than its canvas", gif(small)
    yield "GIF with palettes of its frames", gif(whole, other, table=b"")
    yield "GIF without an end", gif(whole, other, end=b"")
    yield "GIF with junk behind", gif(whole, other, end=b"\7junk")
    yield "WebP that hides its transparency", webp(small, other, flags=2)
    yield "PNG of one frame", palette_apng(whole)
