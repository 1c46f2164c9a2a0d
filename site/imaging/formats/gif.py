"""GIF. Each frame is decoded alone, and drawn onto the canvas as browsers do."""

import io
import struct
from collections.abc import Iterator
from functools import partial

from PIL import Image

from imaging.canvas import Disposal, Frame, drawn
from imaging.errors import ImageError, Reason, check_pixels
from imaging.formats.gif_blocks import Blocks, GifImage
from imaging.formats.source import MAX_CANVAS_PIXELS, Source, check_loaded_size, converted

DISPOSALS = {2: Disposal.CLEAR, 3: Disposal.RESTORE}


class Gif(Source):
    """A GIF, still or animated."""

    is_lossless = True
    extension = "png"

    def __init__(self, data: bytes) -> None:
        blocks = Blocks(data)
        self.palette = blocks.palette
        self.images = list(blocks.images())
        if not self.images:
            raise ImageError(Reason.DAMAGED)
        self.count, self.loops = len(self.images), blocks.loops
        width, height = blocks.size
        first = self.images[0]
        # A canvas that is too small for the first frame grows.
        self.size = max(width, first.left + first.width), max(height, first.top + first.height)
        self.is_whole = self.count == 1 and (first.width, first.height) == self.size
        if self.is_whole:
            check_loaded_size(self.size, "P")
        elif self.count == 1:
            check_pixels(self.size, MAX_CANVAS_PIXELS)
        self.largest_frame = max(image.width * image.height for image in self.images)

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        if self.is_whole:
            yield self._load(self.images[0]), 0
            return
        yield from drawn(self.size, [self._frame(image) for image in self.images])

    def _frame(self, image: GifImage) -> Frame:
        return Frame(
            image.left, image.top, image.width, image.height,
            duration=image.duration,
            disposal=DISPOSALS.get(image.disposal, Disposal.KEEP),
            is_blended=True,
            load=partial(self._load, image),
        )  # fmt: skip

    def _load(self, image: GifImage) -> Image.Image:
        palette = image.palette or self.palette or bytes(6)
        bits = (len(palette) // 3 - 1).bit_length()
        file = [
            b"GIF89a",
            struct.pack("<HHBBB", image.width, image.height, 0x80 | bits - 1, 0, 0),
            palette,
            b"!\xf9\x04" + struct.pack("<BHBB", image.has_clear_colour, 0, image.clear_colour, 0),
            b"," + struct.pack("<HHHHB", 0, 0, image.width, image.height, image.interlace),
            image.data,
            b"\0;",
        ]
        if not image.width or not image.height:
            return Image.new("RGBA", (1, 1))
        with Image.open(io.BytesIO(b"".join(file)), formats=["GIF"]) as opened:
            opened.load()
            return converted(opened, _converted)


def _converted(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
