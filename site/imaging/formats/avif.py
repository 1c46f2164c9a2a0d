"""AVIF, still or animated."""

import io
import re
from collections.abc import Iterator

from PIL import Image

from imaging.colour import photo_profile
from imaging.errors import check_pixels
from imaging.formats.exif import orientation_of
from imaging.formats.source import MAX_DECODING_BYTES, Source
from imaging.formats.webp import played

# The flags of a box that describes the coding: 2 for pixels of more than 8 bits, then no colour,
# half the columns and half the rows for colour.
CODING = re.compile(rb"av1C\x81.(.)", re.DOTALL)
CODED_COLOURS = re.compile(rb"colrnclx(..)(..)", re.DOTALL)
# The boxes in front of the pixels.
MAX_BOXES = 1024 * 1024


class Avif(Source):
    """An AVIF."""

    def __init__(self, data: bytes) -> None:
        # Its libraries take memory in every process that has loaded them.
        from PIL import AvifImagePlugin

        # More threads would only take memory.
        AvifImagePlugin.DEFAULT_MAX_THREADS = 1
        boxes = data[:MAX_BOXES]
        self.image = Image.open(io.BytesIO(data), formats=["AVIF"])
        self.size = self.image.size
        check_pixels(self.size, MAX_DECODING_BYTES / _bytes_per_pixel(boxes, self.image.mode))
        self.count = int(getattr(self.image, "n_frames", 1))
        # Pillow does not say how often a sequence is shown. Browsers repeat most of them for ever.
        self.loops = 0
        # Pillow puts what the file says about its orientation into Exif data.
        exif = self.image.info.get("exif", b"")
        self.orientation = orientation_of(exif.removeprefix(b"Exif\0\0"))
        self.profile = self.image.info.get("icc_profile", b"") or _profile(boxes)

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        yield from played(self.image, self.profile)


def _bytes_per_pixel(boxes: bytes, mode: str) -> float:
    """Return the memory that it takes to decode an image and to turn it."""
    found = CODING.search(boxes)
    flags = found[1][0] if found else 0x40
    planes = 3 / (1 + bool(flags & 8)) / (1 + bool(flags & 4)) + (mode == "RGBA")
    return planes * (1 + bool(flags & 0x40)) + 4 + 4


def _profile(boxes: bytes) -> bytes:
    found = CODED_COLOURS.search(boxes)
    return photo_profile(*(int.from_bytes(number) for number in found.groups())) if found else b""
