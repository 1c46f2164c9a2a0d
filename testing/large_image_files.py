"""Photos of many megapixels, made without holding their pixels in memory."""

import struct

from PIL import Image

from testing.image_files import encode

# A JPEG with chroma of half the size consists of blocks of this many rows and columns.
BLOCK = 16


def large_jpeg(width: int, strips: list[tuple[Image.Image, int]], quality: int = 75) -> bytes:
    """Return a JPEG of rows of blocks, each as often as the number beside it."""
    files = [encode(strip, "JPEG", quality=quality, restart_marker_rows=1) for strip, _ in strips]
    assert all(strip.size == (width, BLOCK) for strip, _ in strips)
    scan = files[0].index(b"\xff\xda")
    start = scan + 2 + struct.unpack(">H", files[0][scan + 2 : scan + 4])[0]
    rows = [
        file[start:-2] for file, (_, count) in zip(files, strips, strict=True) for _ in range(count)
    ]
    size = struct.pack(">HH", BLOCK * len(rows), width)
    frame = files[0].index(b"\xff\xc0") + 5
    parts = [files[0][:frame] + size + files[0][frame + 4 : start]]
    for number, row in enumerate(rows):
        parts += [row, bytes([0xFF, 0xD0 + number % 8])]
    return b"".join(parts[:-1]) + b"\xff\xd9"


def quadrants(size: tuple[int, int], colours: list[str], split: float = 0.45) -> bytes:
    """Return a large JPEG of four colours: two above, and two below the share `split`."""
    width, height = size[0], size[1] // BLOCK
    upper = round(height * split)
    strips = []
    for left, right in (colours[:2], colours[2:]):
        strip = Image.new("RGB", (width, BLOCK), left)
        strip.paste(right, (width // 2, 0, width, BLOCK))
        strips.append(strip)
    return large_jpeg(width, [(strips[0], upper), (strips[1], height - upper)])
