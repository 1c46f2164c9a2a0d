"""HEIC, as phones write it, with libheif."""

from collections.abc import Iterator

from PIL import Image

from imaging.colour import in_srgb, photo_profile
from imaging.errors import check_pixels
from imaging.formats.source import Source, reduced, with_eight_bits

# libheif takes about 5 bytes of memory for a pixel.
MAX_HEIC_PIXELS = 60_000_000


class Heic(Source):
    """The main picture of a HEIC file. libheif turns it upright."""

    def __init__(self, data: bytes) -> None:
        # Its libraries take memory in every process that has loaded them.
        import pillow_heif

        options = pillow_heif.options
        options.DECODE_THREADS = 0
        options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
        self.image = pillow_heif.open_heif(data)
        self.size = self.image.size
        check_pixels(self.size, MAX_HEIC_PIXELS)

    def frames(self) -> Iterator[tuple[Image.Image, int]]:
        image = self._decoded()
        # Free what it was decoded from.
        del self.image
        yield image, 0

    def _decoded(self) -> Image.Image:
        profile = self._profile()
        # libheif knows the size for sure only when it has decoded the picture.
        pixels, mode, stride = self.image.data, self.image.mode, self.image.stride
        self.size = width, _ = self.image.size

        def rows(top: int, bottom: int) -> Image.Image:
            part = pixels[top * stride : bottom * stride]
            image = Image.frombytes(mode, (width, bottom - top), part, "raw", mode, stride)
            # Only grey comes with more than eight bits.
            return in_srgb(with_eight_bits(image) if mode == "I;16" else image, profile)

        return reduced(self.size, rows)

    def _profile(self) -> bytes:
        info = self.image.info
        if "icc_profile" in info:
            return bytes(info["icc_profile"])
        coded = info.get("nclx_profile") or {}
        primaries, transfer = coded.get("color_primaries"), coded.get("transfer_characteristics")
        return photo_profile(int(primaries or 0), int(transfer or 0))
