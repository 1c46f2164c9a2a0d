"""Pictures that people send: opened with care, made upright and sRGB, stripped of all else."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Lock
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 40_000_000
# Pillow checks what comes later in a file, such as frames of a GIF larger than the first.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
# Pillow's decoder holds a WebP four times over.
MAX_WEBP_PIXELS = 20_000_000
# Ordinary progressive JPEGs have about ten; each is decoded over the whole picture.
MAX_SCANS = 100
# The marker, and enough of the header behind it not to be found in other data by chance.
START_OF_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
# What takes more is read at half the size.
MAX_DECODING_BYTES = 330 * 1024 * 1024
# What makes a file something else as well: a page, a program, a document, an archive.
SOMETHING_ELSE = re.compile(
    rb"^(?:GIF8[79]a|RIFF|\xff\xd8\xff.).{0,4}/\*"
    rb"|<(?:script|html|iframe|!doctype\s+html)[\s/>]|<\?php|<svg\b[^<>]{0,300}xmlns"
    rb"|%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c",
    re.IGNORECASE | re.DOTALL,
)
# A ZIP archive is found by its end, which a comment of 64 kB may follow.
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

NOT_A_PICTURE = _("This is not an image we can read. Choose a JPEG, PNG, WebP or GIF.")
TOO_LARGE = _("This image has more than 40 megapixels. Choose a smaller one.")
BUSY = _("Magpie is busy with other images just now. Try again in a moment.")
TOO_LARGE_WEBP = _("This WebP has more than 20 megapixels. Choose a smaller one, or a JPEG.")

# A large picture takes up to 400 MB to decode, so one at a time. Whoever holds this must not wait
# for the database, whose holder may be waiting for this.
decoding = Lock()
# Whoever waits for it holds one of the server's threads, of which readers need some.
places = BoundedSemaphore(4)


@contextmanager
def open_picture(data: bytes, size: tuple[int, int] | None = None) -> Iterator[Image.Image]:
    """Open a picture to decode it inside the block, while no other is decoded.

    With `size`, it may come smaller than it is, though not smaller than that. ValidationError
    where it is too large, not one of `FORMATS` or something else as well, or fails to decode, and
    where too many wait already.
    """
    if not places.acquire(blocking=False):
        raise ValidationError(BUSY)
    try:
        with decoding, Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            _check_nothing_else(data)
            # Phones write several pictures into one JPEG, which Pillow then calls MPO.
            if isinstance(image, JpegImagePlugin.JpegImageFile):
                image.draft(None, _drafted_size(image, data, size or image.size))
            yield image
    except ValidationError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(TOO_LARGE) from error
    except Exception as error:
        # Pillow's decoders raise errors of any kind on what is no image.
        raise ValidationError(NOT_A_PICTURE) from error
    finally:
        places.release()


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise ValidationError(TOO_LARGE)
    if image.format == "WEBP" and pixels > MAX_WEBP_PIXELS:
        raise ValidationError(TOO_LARGE_WEBP)


def _check_nothing_else(data: bytes) -> None:
    if SOMETHING_ELSE.search(data) or END_OF_ZIP in data[-ZIP_TAIL:]:
        raise ValidationError(NOT_A_PICTURE)


def _drafted_size(
    image: JpegImagePlugin.JpegImageFile, data: bytes, size: tuple[int, int]
) -> tuple[int, int]:
    scans = len(START_OF_SCAN.findall(data))
    if scans > MAX_SCANS:
        raise ValidationError(NOT_A_PICTURE)
    pixels = image.width * image.height
    shares = [across * down for _, across, down, _ in image.layer]
    coefficients = pixels * sum(shares) / max(shares)
    # Pixels beside coefficients, or those of CMYK beside those of RGB, once upright and once not.
    needed = 4 * pixels + 2 * coefficients * (scans > 1)
    if max(needed, 12 * pixels * (image.mode == "CMYK")) > MAX_DECODING_BYTES:
        return min(size[0], image.width // 2), min(size[1], image.height // 2)
    return size


def plain(image: Image.Image) -> Image.Image:
    """Return the first frame upright, as L, RGB or RGBA in sRGB, without metadata."""
    turn = TURNS.get(_orientation(image))
    picture = _in_srgb(_in_simple_mode(image))
    if picture is not image:
        # Two at a time are enough.
        image.close()
    picture.info = {}
    if turn is None:
        return picture
    upright = picture.transpose(turn)
    picture.close()
    return upright


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # Damaged metadata is no fault of the picture.
        return 1


def _in_simple_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        # Converting alone would cut the bright half off.
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
    """Return the size of a picture once it is small enough for a box."""
    scale = min(box[0] / size[0], box[1] / size[1], 1)
    return round(size[0] * scale), round(size[1] * scale)


def thumbnail_source(
    source: File[bytes], size: tuple[int, int], crop: object = False, **options: Any
) -> Image.Image:
    """Open a file of ours for easy-thumbnails: the first frame, and no larger than is of use."""
    with decoding, Image.open(io.BytesIO(source.read()), formats=FORMATS) as image:
        wanted = size if crop else fitted(image.size, size)
        image.draft(None, wanted)
        mode = "RGBA" if image.has_transparency_data else "RGB"
        picture = image if image.mode == mode else image.convert(mode)
        # Still enough to cover the size, whatever is cut out of it.
        factor = min(had // asked for asked, had in zip(wanted, picture.size, strict=True))
        picture = picture.reduce(max(factor, 1))
    # What was read smaller has lost its exact ratio, from which the rest would be rounded.
    return picture if crop else picture.resize(wanted, Image.Resampling.LANCZOS)
