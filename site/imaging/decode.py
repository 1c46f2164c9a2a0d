"""Open an untrusted image, and normalize its pixels: upright, in sRGB, without metadata.

This runs in a decoder, without Django.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

from imaging.errors import ImageError, Reason

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 40_000_000
# Pillow applies this to later parts of a file, such as frames of a GIF larger than the first.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
# Pillow's decoder keeps four copies of a WebP in memory.
MAX_WEBP_PIXELS = 20_000_000
# Ordinary progressive JPEGs have about ten scans. Decoding each one costs a pass over the image.
MAX_SCANS = 100
START_OF_SCAN = 0xDA
# The marker with enough of its header that other data will not match by chance.
SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
# A colour profile takes up to 255 segments, and XMP about as many in 15 MB. Pillow reads padding
# between them byte by byte, and needs a time quadratic in the number of Exif segments.
MAX_SEGMENTS, MAX_PADDING = 1000, 64 * 1024
FILL = re.compile(rb"\xff+")
WITHOUT_LENGTH = {0x00, 0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}
# Larger JPEGs are read at half their size.
MAX_DECODING_BYTES = 330 * 1024 * 1024
# Signs that a file is also a web page, a program, a document or an archive.
POLYGLOT = re.compile(
    rb"^(?:GIF8[79]a|RIFF|\xff\xd8\xff.).{0,4}/\*"
    rb"|<(?:script|html|iframe|!doctype\s+html)[\s/>]|<\?php|<svg\b[^<>]{0,300}xmlns"
    rb"|%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c",
    re.IGNORECASE | re.DOTALL,
)
# Software finds a ZIP archive by its end record, which a comment of 64 kB may follow.
END_OF_ZIP, ZIP_TAIL = b"PK\x05\x06", 22 + 65_535
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextmanager
def open_image(data: bytes, size: tuple[int, int] | None = None) -> Iterator[Image.Image]:
    """Open an image to decode it inside the block.

    With `size`, a JPEG may be decoded at a reduced size that is at least `size`. ImageError if the
    image is too large, not one of `FORMATS`, also a file of another kind, or fails to decode.
    """
    with image_errors():
        _check_segments(data)
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            _check_not_polyglot(data)
            # This includes MPO, a JPEG with several images, as phones write it.
            if isinstance(image, JpegImagePlugin.JpegImageFile):
                image.draft(None, _drafted_size(image, data, size or image.size))
            yield image


@contextmanager
def image_errors() -> Iterator[None]:
    """Raise ImageError for any error that Pillow raises."""
    try:
        yield
    except ImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageError(Reason.TOO_MANY_PIXELS) from error
    except MemoryError as error:
        raise ImageError(Reason.TOO_COSTLY) from error
    except Exception as error:
        # Pillow's decoders raise exceptions of many types for broken images.
        raise ImageError(Reason.NOT_AN_IMAGE) from error


def _check_segments(data: bytes) -> None:
    """Refuse a JPEG with thousands of segments, or with much padding, before its pixel data."""
    if not data.startswith(b"\xff\xd8"):
        return
    position, segments, padding = 2, 0, 0
    while (start := data.find(b"\xff", position)) >= 0:
        marker = start + len(FILL.match(data, start)[0])  # type: ignore[index]
        segments, padding = segments + 1, padding + marker - position - 1
        if segments > MAX_SEGMENTS or padding > MAX_PADDING:
            raise ImageError(Reason.NOT_AN_IMAGE)
        if marker == len(data) or data[marker] == START_OF_SCAN:
            return
        has_length = data[marker] not in WITHOUT_LENGTH
        position = marker + 1 + has_length * int.from_bytes(data[marker + 1 : marker + 3])


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise ImageError(Reason.TOO_MANY_PIXELS)
    if image.format == "WEBP" and pixels > MAX_WEBP_PIXELS:
        raise ImageError(Reason.TOO_MANY_WEBP_PIXELS)


def _check_not_polyglot(data: bytes) -> None:
    if POLYGLOT.search(data) or END_OF_ZIP in data[-ZIP_TAIL:]:
        raise ImageError(Reason.NOT_AN_IMAGE)


def _drafted_size(
    image: JpegImagePlugin.JpegImageFile, data: bytes, size: tuple[int, int]
) -> tuple[int, int]:
    scans = len(SCAN.findall(data))
    if scans > MAX_SCANS:
        raise ImageError(Reason.NOT_AN_IMAGE)
    pixels = image.width * image.height
    shares = [across * down for _, across, down, _ in image.layer]
    coefficients = pixels * sum(shares) / max(shares)
    # Memory holds the pixels and the coefficients, or CMYK and RGB pixels while turning the image.
    needed = 4 * pixels + 2 * coefficients * (scans > 1)
    if max(needed, 12 * pixels * (image.mode == "CMYK")) > MAX_DECODING_BYTES:
        return min(size[0], image.width // 2), min(size[1], image.height // 2)
    return size


def normalize(image: Image.Image) -> Image.Image:
    """Return the first frame upright, as L, RGB or RGBA in sRGB, without metadata."""
    turn = TURNS.get(_orientation(image))
    converted = _in_srgb(_in_simple_mode(image))
    if converted is not image:
        # Free the memory before turning makes another copy.
        image.close()
    converted.info = {}
    if turn is None:
        return converted
    upright = converted.transpose(turn)
    converted.close()
    return upright


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # An image with damaged metadata is still shown.
        return 1


def _in_simple_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        # Pillow's conversion to L would clip values over 255 instead of scaling them.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    if profile := image.info.get("icc_profile"):
        # A profile that cannot be used is ignored, as browsers do.
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            if image.mode in {"RGB", "RGBA"}:
                image.load()
                ImageCms.profileToProfile(image, source, srgb, inPlace=True)
            else:
                image = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    return image.convert("RGB") if image.mode == "CMYK" else image


def fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """Return the size of an image scaled down to fit into a box."""
    scale = min(box[0] / size[0], box[1] / size[1], 1)
    return round(size[0] * scale), round(size[1] * scale)
