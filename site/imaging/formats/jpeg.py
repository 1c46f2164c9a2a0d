"""JPEG, at a reduced size if it has too many pixels."""

import io
import re
from collections.abc import Iterator

from PIL import Image, JpegImagePlugin

from imaging.colour import in_srgb
from imaging.errors import ImageError, Reason, check_pixels
from imaging.formats.exif import orientation_of
from imaging.formats.source import MAX_DECODING_BYTES, MAX_PIXELS, Source

MAX_JPEG_PIXELS = 500_000_000
# Ordinary progressive JPEGs have about ten scans. Decoding each one costs a pass over the image.
MAX_SCANS = 100
START_OF_SCAN, END = 0xDA, b"\xff\xd9"
# The marker with enough of its header that other data will not match by chance.
SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
# A colour profile takes up to 255 segments, and XMP about as many in 15 MB. Pillow reads padding
# between them byte by byte, and needs a time quadratic in the number of Exif segments.
MAX_SEGMENTS, MAX_PADDING = 4000, 64 * 1024
MAX_EXIF_SEGMENTS = 1000
FILL = re.compile(rb"\xff+")
WITHOUT_LENGTH = {0x00, 0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}
# libjpeg fills in what is missing. With other bytes in its place, the picture is another one.
FILLING = bytes(range(1, 200))
REDUCTIONS = (1, 2, 4, 8)


class Jpeg(Source):
    """A JPEG, or the first image of several, as phones write them."""

    def __init__(self, data: bytes, wanted: tuple[int, int] | None) -> None:
        _check_segments(data)
        self.data, self.wanted = data, wanted
        with _opened(data) as image:
            self.size = image.size
            exif = image.info.get("exif", b"")
            self.orientation = orientation_of(exif.removeprefix(b"Exif\0\0"))
            self.reduction = _reduction(image, data)

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        try:
            image = self._load(self.data)
        except OSError:
            if not _lacks_only_its_end(self.data):
                raise
            image = self._load(self.data.rstrip(b"\xff") + END)
        yield in_srgb(image, image.info.get("icc_profile", b"")), 0

    def _load(self, data: bytes) -> Image.Image:
        image = _opened(data)
        most = [max(side // self.reduction, 1) for side in self.size]
        wanted = self.wanted or self.size
        image.draft(None, (min(wanted[0], most[0]), min(wanted[1], most[1])))
        image.load()
        return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _opened(data: bytes) -> JpegImagePlugin.JpegImageFile:
    # This includes MPO, a JPEG with several images.
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        raise ImageError(Reason.NOT_AN_IMAGE)
    return image


def _check_segments(data: bytes) -> None:
    """Refuse a JPEG with thousands of segments, or with much padding, before its pixel data."""
    position, segments, exif, padding = 2, 0, 0, 0
    while (start := data.find(b"\xff", position)) >= 0:
        marker = start + len(FILL.match(data, start)[0])  # type: ignore[index]
        segments, padding = segments + 1, padding + marker - position - 1
        exif += data[marker + 3 : marker + 7] == b"Exif"
        if segments > MAX_SEGMENTS or exif > MAX_EXIF_SEGMENTS or padding > MAX_PADDING:
            raise ImageError(Reason.TOO_COSTLY)
        if marker == len(data) or data[marker] == START_OF_SCAN:
            return
        has_length = data[marker] not in WITHOUT_LENGTH
        position = marker + 1 + has_length * int.from_bytes(data[marker + 1 : marker + 3])


def _reduction(image: JpegImagePlugin.JpegImageFile, data: bytes) -> int:
    """Return by how much an image has to be reduced so that it fits into memory."""
    scans = len(SCAN.findall(data))
    if scans > MAX_SCANS:
        raise ImageError(Reason.TOO_COSTLY)
    pixels = image.width * image.height
    shares = [across * down for _, across, down, _ in image.layer]
    # The coefficients of a progressive JPEG stay in memory at full size.
    coefficients = 2 * sum(shares) / max(shares) * (scans > 1)
    check_pixels(image.size, MAX_JPEG_PIXELS)
    for reduction in REDUCTIONS:
        kept = pixels / reduction**2
        # Turning a CMYK image holds its CMYK and RGB pixels.
        needed = max(4 * kept + coefficients * pixels, 12 * kept * (image.mode == "CMYK"))
        if kept <= MAX_PIXELS and needed <= MAX_DECODING_BYTES:
            return reduction
    check_pixels(image.size, MAX_DECODING_BYTES / (4 / REDUCTIONS[-1] ** 2 + coefficients))
    raise ImageError(Reason.TOO_COSTLY)


def _lacks_only_its_end(data: bytes) -> bool:
    """Return whether all pixels of a JPEG without an end are there.

    They are if libjpeg makes the same of them whatever follows.
    """
    cut = data.rstrip(b"\xff")
    return _smallest(cut + END) == _smallest(cut + FILLING + END)


def _smallest(data: bytes) -> bytes:
    with _opened(data) as image:
        image.draft(None, (1, 1))
        return image.tobytes()
