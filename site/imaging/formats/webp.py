"""WebP, still or animated."""

import io
from collections.abc import Iterator

from PIL import Image

from imaging.colour import in_srgb
from imaging.errors import check_pixels
from imaging.formats.source import Source

# Pillow's decoder keeps four copies of a WebP in memory.
MAX_WEBP_PIXELS = 20_000_000
FLAGS_AT, ANIMATION, ALPHA = 20, 0x02, 0x10


class WebP(Source):
    """A WebP. Browsers ignore its Exif data."""

    extension = "webp"

    def __init__(self, data: bytes) -> None:
        # Opening it reserves memory for the canvas.
        check_pixels(_size(data), MAX_WEBP_PIXELS)
        if data[12:16] == b"VP8X" and data[FLAGS_AT] & ANIMATION:
            # What surrounds the frames is transparent, even if the file does not say so.
            data = data[:FLAGS_AT] + bytes([data[FLAGS_AT] | ALPHA]) + data[FLAGS_AT + 1 :]
        self.image = Image.open(io.BytesIO(data), formats=["WEBP"])
        self.size = self.image.size
        self.count = int(getattr(self.image, "n_frames", 1))
        self.loops = int(self.image.info.get("loop", 1))
        self.is_lossless = b"VP8L" in data and b"VP8 " not in data

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        yield from played(self.image, self.image.info.get("icc_profile", b""))


def played(image: Image.Image, profile: bytes) -> Iterator[tuple[Image.Image, int]]:
    """Yield the frames of an image that Pillow draws as browsers do."""
    count = int(getattr(image, "n_frames", 1))
    for number in range(count):
        image.seek(number)
        image.load()
        duration = int(image.info.get("duration", 0))
        # A copy of a large image would take too much memory.
        yield in_srgb(image if count == 1 else image.copy(), profile), duration


def _size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (26, 28))
    return width & 0x3FFF, height & 0x3FFF
