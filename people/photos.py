"""Profile photos: sanitize uploads, and store them with their thumbnails."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from easy_thumbnails.fields import ThumbnailerImageField

from imaging import jobs
from imaging.errors import Reason
from imaging.pixels import Pixels
from imaging.storage import save_all
from imaging.thumbnails import ThumbnailedFile, needed_pixels
from people import quota

MAX_BYTES = 10 * 1024 * 1024
NEEDED_PIXELS = needed_pixels("people.Profile.photo")

TOO_HEAVY = _("This photo is larger than 10 MB. Choose a smaller one.")
TOO_NARROW = _("This photo is more than five times as long as it is wide. Choose another.")


class SanitizedPhoto(ContentFile[bytes]):
    """A photo that can be stored, with what its thumbnails are drawn from."""

    def __init__(self, data: bytes, pixels: Pixels) -> None:
        super().__init__(data, "photo.webp")
        self.pixels = pixels


def sanitize_photo(upload: UploadedFile[bytes]) -> SanitizedPhoto:
    """Return `upload` as an upright WebP in sRGB without metadata.

    ValidationError if it is over 10 MB, damaged, too large or not an image.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    quota.count(upload.size or 0)
    messages = {Reason.TOO_NARROW: TOO_NARROW}
    photo = jobs.run("sanitize_photo", upload.read(), messages, **NEEDED_PIXELS)
    return SanitizedPhoto(photo.data, photo.pixels)


class PhotoInput(forms.ClearableFileInput):
    """A file input that shows the current photo."""

    template_name = "people/_photo_input.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # A new photo wins over the ticked checkbox that removes the old one.
        return files.get(name) or super().value_from_datadict(data, files, name)


class SanitizedPhotoField(forms.FileField):
    """A form field whose value is the sanitized photo."""

    widget = PhotoInput(
        attrs={
            "accept": jobs.MEDIA_TYPES,
            # Names the error before there is one, because htmx does not update a preserved input.
            "aria-describedby": "id_photo_helptext id_photo_error",
        }
    )

    def clean(self, data: object, initial: object = None) -> object:
        photo = super().clean(data, initial)
        return sanitize_photo(photo) if isinstance(photo, UploadedFile) else photo


class PhotoFile(ThumbnailedFile):
    """A stored profile photo."""

    needed_pixels = NEEDED_PIXELS

    def save(self, name: str, content: File[bytes], *args: Any, **kwargs: Any) -> None:
        old = self.name
        try:
            super().save(name, content, *args, **kwargs)
            if isinstance(content, SanitizedPhoto):
                save_all(self.storage, self.draw_thumbnails(content.pixels, self.shown))
            else:
                self.make_thumbnails()
        except ConnectionError:
            # Nothing can be deleted while the store is away. `prune` does it.
            raise
        except Exception:
            if self.name != old:
                self.delete(save=False)
            raise


class PhotoField(ThumbnailerImageField):
    """A model field for photos of people, which every form sanitizes."""

    attr_class = PhotoFile

    def formfield(self, **kwargs: Any) -> Any:
        # Magpie gives photos a new name, so the length of the uploaded name does not matter.
        return super().formfield(
            **{"form_class": SanitizedPhotoField, **kwargs, "max_length": None}
        )
