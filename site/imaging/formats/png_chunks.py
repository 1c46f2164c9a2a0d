"""The chunks of a PNG that matter for how it looks."""

import struct
import zlib
from dataclasses import dataclass, field

from imaging.errors import ImageError, Reason

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Files for the web have a few thousand at most.
MAX_CHUNKS = 100_000
# What browsers use. Everything else, such as texts, is ignored, however damaged it is.
KEPT = {b"PLTE", b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"eXIf", b"acTL"}
CRITICAL = {b"IHDR", b"PLTE"}


@dataclass
class PngImage:
    """The compressed pixels of the image or of a frame, with the frame's control chunk."""

    control: bytes = b""
    parts: list[bytes] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


@dataclass
class Chunks:
    """The chunks of a PNG."""

    header: bytes = b""
    found: dict[bytes, bytes] = field(default_factory=dict)
    images: list[PngImage] = field(default_factory=list)

    def add(self, kind: bytes, data: bytes) -> None:
        if kind == b"IHDR":
            self.header = self.header or data
        elif kind == b"fcTL":
            self.images.append(PngImage(control=data))
        elif kind == b"IDAT":
            self._image().parts.append(data)
        elif kind == b"fdAT" and self.images:
            self.images[-1].parts.append(data[4:])
        elif kind in KEPT and not any(image.parts for image in self.images):
            # Browsers ignore these behind the pixels, and all but the first.
            self.found.setdefault(kind, data)

    def _image(self) -> PngImage:
        if not self.images:
            self.images.append(PngImage())
        return self.images[-1]


def read_chunks(data: bytes) -> Chunks:
    """Read a PNG up to its end or to the first bytes that are not a chunk."""
    chunks, position = Chunks(), len(SIGNATURE)
    for _count in range(MAX_CHUNKS):
        kind = data[position + 4 : position + 8]
        if not kind.isalpha() or kind == b"IEND":
            return chunks
        end = position + 8 + int.from_bytes(data[position : position + 4])
        body = data[position + 8 : end]
        check = data[end : end + 4]
        is_intact = zlib.crc32(body, zlib.crc32(kind)) == int.from_bytes(check)
        if kind in CRITICAL and not is_intact:
            raise ImageError(Reason.DAMAGED)
        # Browsers show pixels with a wrong checksum, and ignore other such chunks.
        if is_intact or kind in {b"IDAT", b"fdAT"}:
            chunks.add(kind, body)
        position = end + 4
    raise ImageError(Reason.TOO_COSTLY)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk as it stands in a file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
