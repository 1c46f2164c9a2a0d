"""Files of at most 15 MB that keep a decoder busy, or make it use a lot of memory."""

import struct
import zlib
from collections.abc import Callable

import pillow_heif
from PIL import Image

from testing.crafted_image_files import many_scans, png, png_chunk, riff
from testing.image_files import encode, halves, noise

pillow_heif.register_heif_opener()

MAX_BYTES = 15 * 1024 * 1024


def jpeg_with(segments: bytes) -> bytes:
    """Return a JPEG with segments inserted after its first marker."""
    jpeg = encode(halves(), "JPEG")
    return jpeg[:2] + segments + jpeg[2:]


def gif_with(blocks: bytes) -> bytes:
    """Return a GIF with blocks inserted before its first frame."""
    gif = encode(noise().quantize(), "GIF")
    start = gif.index(b",\0\0\0\0")
    return gif[:start] + blocks + gif[start:]


def png_with(chunk: bytes) -> bytes:
    """Return a PNG of 15 MB that repeats a chunk before its pixel data."""
    file = encode(halves(), "PNG")
    return file[:33] + chunk * ((MAX_BYTES - len(file)) // len(chunk)) + file[33:]


def gif_of_frames(count: int) -> bytes:
    gif = encode(Image.new("P", (1, 1)), "GIF")
    return gif[:-1] + gif[gif.index(b",\0\0\0\0") : -1] * count + b";"


def apng_of_frames(count: int) -> bytes:
    pixel = zlib.compress(bytes(4))
    chunks = [png_chunk(b"acTL", struct.pack(">II", count, 0)), png_chunk(b"IDAT", pixel)]
    for number in range(0, 2 * count, 2):
        control = struct.pack(">IIIIIHHBB", number, 1, 1, 0, 0, 1, 25, 0, 0)
        chunks += [png_chunk(b"fcTL", control)]
        chunks += [png_chunk(b"fdAT", struct.pack(">I", number + 1) + pixel)]
    return png((1, 1), *chunks)


def webp_of_frames(count: int) -> bytes:
    pixel = encode(Image.new("RGB", (1, 1)), "WEBP")[12:]
    frame = bytes(15) + b"\x02" + pixel
    one = b"ANMF" + struct.pack("<I", len(frame)) + frame
    start = [(b"VP8X", b"\x02" + bytes(9)), (b"ANIM", bytes(6))]
    file = riff(*start) + one * count
    return file[:4] + struct.pack("<I", len(file) - 8) + file[8:]


def circular_exif() -> bytes:
    """Return Exif data with a directory that names itself as the next directory."""
    entries = struct.pack("<HHII", 0x010E, 1, 4, 0) * 5000
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 5000) + entries + struct.pack("<I", 8)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box, of which AVIF and HEIC files consist."""
    data = b"".join(parts)
    return struct.pack(">I", len(data) + 8) + kind + data


def boxed(brand: bytes, *boxes: bytes) -> bytes:
    """Return a file that claims a brand."""
    return box(b"ftyp", brand, bytes(4), brand, b"mif1") + b"".join(boxes)


def claiming(kind: str, width: int, height: int) -> bytes:
    """Return an AVIF or a HEIC that claims another size than its picture has."""
    data = encode(halves(size=(80, 64)), kind)
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def nested(kind: bytes, depth: int) -> bytes:
    """Return boxes in boxes, each with a version as `meta` has one."""
    heads = (struct.pack(">I", 12 * left) + kind + bytes(4) for left in range(depth, 0, -1))
    return b"".join(heads)


def many_items(brand: bytes, count: int) -> bytes:
    """Return a file with a list of many items, and none of them."""
    item = box(b"infe", b"\2\0\0\0", b"\0\1\0\0", b"hvc1", b"\0")
    items = box(b"iinf", b"\1\0\0\0", struct.pack(">I", count), item * count)
    handler = box(b"hdlr", bytes(8), b"pict", bytes(13))
    return boxed(brand, box(b"meta", bytes(4), handler, items))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "JPEG of 720,000 Exif segments": lambda: jpeg_with(
        (b"\xff\xe1\0\x13Exif\0\0" + b"x" * 11) * 720_000
    ),
    "JPEG of 4 million empty segments": lambda: jpeg_with(b"\xff\xfe\0\2" * 3_900_000),
    "JPEG of 15 MB of 0xFF": lambda: jpeg_with(b"\xff" * 15_700_000),
    "JPEG of 15 MB of zeros between segments": lambda: jpeg_with(bytes(15_700_000)),
    "JPEG of markers without a length": lambda: jpeg_with(b"\xff\xd0" * 7_500_000),
    "JPEG of 80 scans of 40 megapixels": lambda: many_scans((8000, 5000), 80),
    "JPEG with circular Exif": lambda: encode(halves(), "JPEG", exif=b"Exif\0\0" + circular_exif()),
    "GIF with a comment in blocks of one byte": lambda: gif_with(
        b"\x21\xfe" + b"\1x" * 7_500_000 + b"\0"
    ),
    "GIF of 3 million comments": lambda: gif_with(b"\x21\xfe\1x\0" * 3_000_000),
    "GIF of 2 million extensions": lambda: gif_with(b"\x21\xf9\4\0\0\0\0\0" * 1_900_000),
    "GIF of 3 million application blocks": lambda: gif_with(b"\x21\xff\1x\0" * 3_000_000),
    "GIF of 500,000 frames": lambda: gif_of_frames(500_000),
    "PNG of a million empty chunks": lambda: png_with(png_chunk(b"teSt", b"")),
    "PNG of 700,000 text chunks": lambda: png_with(png_chunk(b"tEXt", b"k\0v")),
    "PNG of compressed text chunks": lambda: png_with(
        png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    ),
    "PNG of colour profiles": lambda: png_with(
        png_chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    ),
    "PNG of Exif chunks": lambda: png_with(png_chunk(b"eXIf", circular_exif())),
    "PNG of palettes": lambda: png_with(png_chunk(b"PLTE", bytes(768))),
    "animated PNG of 100,000 frames": lambda: apng_of_frames(100_000),
    "WebP of 1.9 million chunks": lambda: riff((b"VP8X", bytes(10)), *[(b"TEST", b"")] * 1_900_000),
    "PNG of a million empty pixel chunks": lambda: png_with(png_chunk(b"IDAT", b"")),
    "PNG of 100 megapixels with a transparent grey": lambda: png(
        (10_000, 10_000),
        png_chunk(b"tRNS", b"\0\1"),
        png_chunk(b"IDAT", zlib.compress((b"\0" + bytes(20_000)) * 10_000)),
        bits=16,
        colour=0,
    ),
    "AVIF of 1.9 million boxes": lambda: boxed(b"avif", box(b"free") * 1_900_000),
    "HEIC of 1.9 million boxes": lambda: boxed(b"heic", box(b"free") * 1_900_000),
    "AVIF of 700,000 items": lambda: many_items(b"avif", 700_000),
    "HEIC of 700,000 items": lambda: many_items(b"heic", 700_000),
    "AVIF that claims 30 megapixels": lambda: claiming("AVIF", 6000, 5000),
    "HEIC that claims 60 megapixels": lambda: claiming("HEIF", 7500, 8000),
    "HEIC of nested boxes": lambda: boxed(b"heic", nested(b"meta", 20_000)),
    "animated WebP of 100,000 frames": lambda: webp_of_frames(100_000),
}
