"""The photos that people upload of themselves: cleaned, stored, and made small."""

import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from easy_thumbnails.fields import ThumbnailerImageField
from easy_thumbnails.files import ThumbnailerImageFieldFile, generate_all_aliases
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# The largest that is shown is 360 pixels; this leaves room for a sharper screen.
KEPT_SIZE = (1080, 1080)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

NOT_A_PHOTO = "This is not a photo we can read. Choose a JPEG, PNG, WebP or GIF."
TOO_HEAVY = "This photo is larger than 10 MB. Choose a smaller one."
TOO_LARGE = "This photo has more than 40 megapixels. Choose a smaller one."


def clean_photo(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """Return `upload` as an upright WebP in sRGB without metadata.

    ValidationError where it is over 10 MB or 40 megapixels, or not an image inside.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    try:
        image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise ValidationError(TOO_LARGE)
        image.draft("RGB", KEPT_SIZE)
        return ContentFile(_encode(_upright_srgb(image)), name="photo.webp")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError, ImageCms.PyCMSError) as error:
        raise ValidationError(NOT_A_PHOTO) from error


def _upright_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.has_transparency_data
    if profile and upright.mode in {"RGB", "CMYK"}:
        srgb = ImageCms.createProfile("sRGB")
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(upright, source, srgb, outputMode="RGB")
        upright = converted or upright
    upright = upright.convert("RGBA" if has_alpha else "RGB")
    upright.thumbnail(KEPT_SIZE)
    return upright


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
