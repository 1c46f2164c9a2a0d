"""The blocks of a GIF."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from imaging.errors import ImageError, Reason

LOOPING = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# Ordinary blocks have 255 bytes. In smaller ones, a file of 15 MB would take seconds.
MAX_BLOCKS = 500_000


@dataclass
class GifImage:
    """A frame of a GIF, with its compressed pixels."""

    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0
    interlace: int = 0
    palette: bytes = b""
    data: bytes = b""
    disposal: int = 0
    # In milliseconds.
    duration: int = 0
    has_clear_colour: bool = False
    clear_colour: int = 0


class Blocks:
    """A GIF that is read block by block."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 13:
            raise ImageError(Reason.DAMAGED)
        self.data = data
        self.position = 6
        self.count = 0
        width, height, flags, _, _ = struct.unpack("<HHBBB", self._read(7))
        self.size = width, height
        self.palette = self._palette(flags)
        # Without a number of loops, an animation is shown once.
        self.loops = 1

    def images(self) -> Iterator[GifImage]:
        """Yield the frames, up to the end or to the first bytes that are not a block."""
        image = GifImage()
        while (kind := self._read(1)) in {b"!", b","}:
            if kind == b",":
                self._read_image(image)
                if image.data:
                    yield image
                image = GifImage()
            else:
                self._read_extension(image)

    def _read(self, length: int) -> bytes:
        part = self.data[self.position : self.position + length]
        self.position += length
        return part

    def _palette(self, flags: int) -> bytes:
        return self._read(3 << (flags & 7) + 1) if flags & 0x80 else b""

    def _skip_blocks(self) -> int:
        """Go to the end of a series of blocks, and return where its last byte is."""
        while True:
            self.count += 1
            if self.count > MAX_BLOCKS:
                raise ImageError(Reason.TOO_COSTLY)
            length = self.data[self.position] if self.position < len(self.data) else 0
            self.position += 1 + length
            if not length:
                return self.position - 1

    def _read_image(self, image: GifImage) -> None:
        if len(head := self._read(9)) < 9:
            return
        image.left, image.top, image.width, image.height, flags = struct.unpack("<HHHHB", head)
        image.interlace = flags & 0x40
        image.palette = self._palette(flags)
        start = self.position
        self.position += 1
        image.data = self.data[start : self._skip_blocks()]

    def _read_extension(self, image: GifImage) -> None:
        label, start = self._read(1), self.position
        end = self._skip_blocks()
        blocks = self.data[start:end][:32]
        if label == b"\xf9" and len(blocks) >= 5:
            flags, hundredths, clear = struct.unpack("<BHB", blocks[1:5])
            image.disposal, image.duration = flags >> 2 & 7, 10 * hundredths
            image.has_clear_colour, image.clear_colour = bool(flags & 1), clear
        elif label == b"\xff" and blocks[1:12] in LOOPING and blocks[12:14] == b"\3\1":
            repetitions = int.from_bytes(blocks[14:16], "little")
            # A GIF states the number of repetitions, other formats the number of times it plays.
            self.loops = repetitions and repetitions + 1
