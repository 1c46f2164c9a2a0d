"""The photos that people upload of themselves: cleaned, stored, and made small."""

import io
import re
from contextlib import suppress
from threading import Lock
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from easy_thumbnails.fields import ThumbnailerImageField
from easy_thumbnails.files import ThumbnailerImageFieldFile, generate_all_aliases
from PIL import ExifTags, Image, ImageCms

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# A longer strip would be blown up to a huge image before its thumbnail is cut out of it.
MAX_RATIO = 5
# Ordinary progressive JPEGs have about ten; each is decoded over the whole picture.
MAX_SCANS = 100
# The marker, and enough of the header behind it not to be found in other data by chance.
START_OF_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
# The largest that is shown is 360 pixels; this leaves room for a sharper screen.
KEPT_SIZE = (1080, 1080)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

NOT_A_PHOTO = "This is not a photo we can read. Choose a JPEG, PNG, WebP or GIF."
TOO_HEAVY = "This photo is larger than 10 MB. Choose a smaller one."
TOO_LARGE = "This photo has more than 40 megapixels. Choose a smaller one."
TOO_NARROW = "This photo is more than five times as long as it is wide. Choose another."

# A large photo takes a few hundred MB to decode, so one at a time.
decoding = Lock()


def clean_photo(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """Return `upload` as an upright WebP in sRGB without metadata.

    ValidationError where it is over 10 MB or 40 megapixels, or not an image inside.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    try:
        with decoding, Image.open(upload, formats=FORMATS) as image:
            _check_size(image)
            # Phones write several pictures into one JPEG, which Pillow then calls MPO.
            if image.format in {"JPEG", "MPO"}:
                _check_scans(upload)
                image.draft("RGB", KEPT_SIZE)
            turn = TURNS.get(_orientation(image))
            photo = _srgb(_small(image))
            return ContentFile(_encode(photo.transpose(turn) if turn else photo), "photo.webp")
    except ValidationError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(TOO_LARGE) from error
    except Exception as error:
        # Pillow's decoders raise errors of any kind on what is no image.
        raise ValidationError(NOT_A_PHOTO) from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError(TOO_LARGE)
    if max(image.size) > MAX_RATIO * min(image.size):
        raise ValidationError(TOO_NARROW)


def _check_scans(upload: UploadedFile[bytes]) -> None:
    upload.seek(0)
    if len(START_OF_SCAN.findall(upload.read())) > MAX_SCANS:
        raise ValidationError(NOT_A_PHOTO)
    upload.seek(0)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # Damaged metadata is no fault of the picture.
        return 1


def _small(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("RGB")
    image.thumbnail(KEPT_SIZE)
    return image


def _srgb(image: Image.Image) -> Image.Image:
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    if profile := image.info.get("icc_profile"):
        # A profile that cannot be used is ignored, as browsers do.
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB") or colours
    colours = colours.convert("RGB")
    if image.mode == "RGBA":
        colours.putalpha(image.getchannel("A"))
    return colours


def _encode(image: Image.Image) -> bytes:
    # A fresh image has no metadata to carry over.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    buffer = io.BytesIO()
    bare.save(buffer, "WEBP", quality=88)
    return buffer.getvalue()


class PhotoInput(forms.ClearableFileInput):
    """A file input that shows the present photo."""

    template_name = "people/_photo_input.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # Whoever chooses a new photo wants it, though they ticked to remove the old one.
        return files.get(name) or super().value_from_datadict(data, files, name)


class CleanPhotoField(forms.FileField):
    """A form field that answers with the cleaned photo."""

    widget = PhotoInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})

    def clean(self, data: object, initial: object = None) -> object:
        cleaned = super().clean(data, initial)
        return clean_photo(cleaned) if isinstance(cleaned, UploadedFile) else cleaned


class PhotoFile(ThumbnailerImageFieldFile):
    """A stored photo; its thumbnails are made when it arrives, so that no page has to."""

    def save(self, name: str, content: File[bytes], *args: Any, **kwargs: Any) -> None:
        super().save(name, content, *args, **kwargs)
        generate_all_aliases(self, include_global=False)

    def thumbnail_url(self, alias: str) -> str:
        """Return the URL of a thumbnail without looking at any file."""
        name = self.get_thumbnail_name({"ALIAS": alias, "size": (0, 0)})
        url: str = self.thumbnail_storage.url(name)
        return url

    @property
    def url_1x(self) -> str:
        return self.thumbnail_url("photo")

    @property
    def url_2x(self) -> str:
        return self.thumbnail_url("photo_2x")


class PhotoField(ThumbnailerImageField):
    """A model field for photos of people, which every form cleans."""

    attr_class = PhotoFile

    def formfield(self, **kwargs: Any) -> Any:
        # Photos get a name of ours, so the length of theirs does not matter.
        return super().formfield(**{"form_class": CleanPhotoField, **kwargs, "max_length": None})
