"""Image files written byte by byte, because Pillow would not write them."""

import struct
import zlib
from random import Random

from PIL import Image

from testing.image_files import encode


def png_chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png(
    size: tuple[int, int], *chunks: bytes, bits: int = 8, colour: int = 2, interlace: int = 0
) -> bytes:
    header = struct.pack(">IIBBBBB", *size, bits, colour, 0, 0, interlace)
    parts = [png_chunk(b"IHDR", header), *chunks, png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pixels(rows: bytes) -> bytes:
    return png_chunk(b"IDAT", zlib.compress(rows))


def interlaced_png(image: Image.Image) -> bytes:
    """Return an interlaced PNG, which stores its pixels in seven passes."""
    rows = bytearray()
    for x, y, right, down in (
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
        (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ):  # fmt: skip
        for row in range(y, image.height, down):
            line = image.crop((0, row, image.width, row + 1)).tobytes()
            found = [line[3 * at : 3 * at + 3] for at in range(x, image.width, right)]
            rows += b"\0" + b"".join(found) if found else b""
    return png(image.size, pixels(bytes(rows)), interlace=1)


def noisy_apng(size: tuple[int, int], frames: int, bits: int, colour: int) -> bytes:
    """Return an animation of repeating noise, which is small as PNG and large as WebP."""
    channels = {0: 1, 4: 2}[colour]
    chunks, number, random = [png_chunk(b"acTL", struct.pack(">II", frames, 0))], 0, Random(1)
    for frame in range(frames):
        rows = [b"\0" + random.randbytes(size[0] * channels * bits // 8) for _ in range(4)]
        data = zlib.compress(b"".join(rows) * (size[1] // 4), 1)
        control = struct.pack(">IIIIIHHBB", number, *size, 0, 0, 1, 25, 0, 0)
        chunks.append(png_chunk(b"fcTL", control))
        numbered = struct.pack(">I", number + 1) + data
        chunks.append(png_chunk(b"fdAT", numbered) if frame else png_chunk(b"IDAT", data))
        number += 2 if frame else 1
    return png(size, *chunks, bits=bits, colour=colour)


def growing_gif(*sizes: tuple[int, int], disposal: int = 2) -> bytes:
    """Return a GIF with frames of these sizes, on a canvas as large as the first."""
    data = b"GIF89a" + struct.pack("<HHBBB", *sizes[0], 0x80, 0, 0) + b"\0\0\0\xff\0\0"
    for size in sizes:
        single = encode(Image.new("P", size), "GIF")
        frame = b"," + struct.pack("<HHHHB", 0, 0, *size, 0)
        start = single.rindex(frame[:-1]) + len(frame)
        data += bytes([33, 249, 4, disposal << 2, 5, 0, 0, 0]) + frame + single[start:-1]
    return data + b";"


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for kind, data in chunks
    ]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has no pixels."""
    return png((width, height), png_chunk(b"IDAT", b""))


def webp_header(width: int, height: int) -> bytes:
    """Return a WebP that claims a size and has almost no data."""
    size = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return riff((b"VP8L", b"\x2f" + size + bytes(20)))


def many_scans(size: tuple[int, int], count: int) -> bytes:
    """Return a progressive JPEG that repeats its last scan."""
    data = encode(Image.new("RGB", size), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * count + data[-2:]


def as_mpo(jpeg: bytes) -> bytes:
    """Make Pillow treat a JPEG as an MPO, a file of several images."""
    data = encode(
        Image.new("RGB", (8, 8)), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))]
    )
    start = data.index(b"MPF\0") - 4
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    return jpeg[:2] + data[start : start + 2 + length] + jpeg[2:]
