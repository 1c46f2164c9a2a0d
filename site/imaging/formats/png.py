"""PNG, with animations. Only the chunks that make up the picture reach Pillow."""

import io
import struct
from collections.abc import Iterator
from functools import partial

from PIL import Image

from imaging.canvas import Disposal, Frame, drawn
from imaging.colour import in_srgb
from imaging.errors import ImageError, Reason, check_pixels
from imaging.formats.exif import orientation_of
from imaging.formats.png_chunks import SIGNATURE, chunk, read_chunks
from imaging.formats.png_colour import profile_of
from imaging.formats.source import (
    MAX_CANVAS_PIXELS,
    Source,
    check_loaded_size,
    converted,
    with_eight_bits,
)

CHECKSUM_LENGTH = 4
GREY, COLOUR, PALETTE = 0, 2, 3
CONTROL = struct.Struct(">IIIIIHHBB")
DISPOSALS = [Disposal.KEEP, Disposal.CLEAR, Disposal.RESTORE]


class Png(Source):
    """A PNG, still or animated."""

    is_lossless = True
    extension = "png"

    def __init__(self, data: bytes) -> None:
        self.chunks = read_chunks(data)
        if len(self.chunks.header) != 13 or not self.chunks.images:
            raise ImageError(Reason.DAMAGED)
        width, height, self.bits, self.colour = struct.unpack(">IIBB", self.chunks.header[:10])
        self.size = width, height
        # Pillow keeps the two halves of 16-bit grey, and one byte of all other grey.
        mode = ("I;16" if self.bits == 16 else "L") if self.colour in {GREY, PALETTE} else "RGB"
        check_loaded_size(self.size, mode)
        self.orientation = orientation_of(self.chunks.found.get(b"eXIf", b""))
        self.profile, self.is_for_grey = profile_of(self.chunks.found)
        self.animation = self._animation()
        self.count = len(self.animation) or 1
        if len(self.animation) == 1:
            check_pixels(self.size, MAX_CANVAS_PIXELS)
        if self.animation:
            self.loops = struct.unpack(">I", self.chunks.found[b"acTL"][4:])[0]

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        if not self.animation:
            yield self._load(self.size, self.chunks.images[0].data), 0
            return
        yield from drawn(self.size, self.animation)

    def _animation(self) -> list[Frame]:
        control = self.chunks.found.get(b"acTL", b"")
        count = int.from_bytes(control[:4]) if len(control) == 8 else 0
        frames: list[Frame] = []
        for image in self.chunks.images:
            # The image in front of the first control chunk is for software without animations.
            if len(image.control) == CONTROL.size and len(frames) < count:
                frame = self._frame(image.control, image.data)
                # Browsers show an animation up to its first invalid frame.
                if not frame.fits(self.size):
                    break
                frames.append(frame)
        return frames

    def _frame(self, control: bytes, data: bytes) -> Frame:
        _, width, height, left, top, delay, per, disposal, blending = CONTROL.unpack(control)
        return Frame(
            left, top, width, height,
            duration=round(1000 * delay / (per or 100)),
            disposal=DISPOSALS[min(disposal, 2)],
            is_blended=blending == 1,
            load=partial(self._load, (width, height), data),
        )  # fmt: skip

    def _load(self, size: tuple[int, int], data: bytes) -> Image.Image:
        header = struct.pack(">II", *size) + self.chunks.header[8:]
        parts = [chunk(b"IHDR", header)]
        if self.colour == PALETTE:
            palette = self.chunks.found.get(b"PLTE", b"")
            # Browsers show colours behind the end of the palette as its last one.
            parts.append(chunk(b"PLTE", (palette + palette[-3:] * 256)[: 3 << self.bits]))
        transparency = self.chunks.found.get(b"tRNS", b"")
        if self.colour == PALETTE and 0 < len(transparency) <= 256:
            parts.append(chunk(b"tRNS", transparency))
        try:
            image = _loaded([*parts, chunk(b"IDAT", data)])
        except OSError:
            # Browsers ignore a wrong checksum at the end of the compressed pixels.
            image = _loaded([*parts, chunk(b"IDAT", data[:-CHECKSUM_LENGTH])])
        return converted(image, self._converted)

    def _converted(self, image: Image.Image) -> Image.Image:
        """Return a loaded image in sRGB, with its transparency."""
        key = self.chunks.found.get(b"tRNS", b"")
        if self.colour == GREY and len(key) == 2:
            image = _with_clear_grey(image, self.bits, int.from_bytes(key))
        elif self.colour == COLOUR and len(key) == 6:
            shift = 8 if self.bits == 16 else 0
            values = struct.unpack(">HHH", key)
            image.info["transparency"] = tuple(value >> shift & 0xFF for value in values)
            image = image.convert("RGBA")
        elif image.mode == "P":
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        elif image.mode.startswith("I;16"):
            image = with_eight_bits(image)
        elif image.mode == "1":
            image = image.convert("L")
        if self.profile and self.is_for_grey and image.mode in {"L", "LA"}:
            image = image.convert("RGBA" if image.mode == "LA" else "RGB")
        return in_srgb(image, self.profile)


def _loaded(parts: list[bytes]) -> Image.Image:
    file = io.BytesIO(b"".join([SIGNATURE, *parts, chunk(b"IEND", b"")]))
    image = Image.open(file, formats=["PNG"])
    image.load()
    return image


def _with_clear_grey(image: Image.Image, bits: int, key: int) -> Image.Image:
    """Return a grey image in which one grey is transparent."""
    key &= (1 << bits) - 1
    if bits == 16:
        table = [255] * 65536
        table[key] = 0
        grey, alpha = with_eight_bits(image), image.convert("I").point(table, "L")
    else:
        # Pillow has scaled lower depths to eight bits.
        clear = key * 255 // ((1 << bits) - 1)
        grey = image.convert("L")
        alpha = grey.point([0 if value == clear else 255 for value in range(256)])
    return Image.merge("LA", (grey, alpha))
