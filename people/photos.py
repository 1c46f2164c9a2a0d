"""The photos that people upload of themselves: sanitized, stored, and made small."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from easy_thumbnails.alias import aliases
from easy_thumbnails.fields import ThumbnailerImageField
from easy_thumbnails.files import ThumbnailerImageFieldFile

from imaging import jobs
from imaging.admission import decoding
from imaging.errors import Reason
from people import quota

MAX_BYTES = 10 * 1024 * 1024

TOO_HEAVY = _("This photo is larger than 10 MB. Choose a smaller one.")
TOO_NARROW = _("This photo is more than five times as long as it is wide. Choose another.")


def sanitize_photo(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """Return `upload` as an upright WebP in sRGB without metadata.

    ValidationError if it is over 10 MB or 40 megapixels, or not an image.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    quota.count(upload.size or 0)
    photo = jobs.run("sanitize_photo", upload.read(), {Reason.TOO_NARROW: TOO_NARROW})
    return ContentFile(photo.data, "photo.webp")


class PhotoInput(forms.ClearableFileInput):
    """A file input that shows the current photo."""

    template_name = "people/_photo_input.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # A new photo wins over the ticked checkbox that removes the old one.
        return files.get(name) or super().value_from_datadict(data, files, name)


class SanitizedPhotoField(forms.FileField):
    """A form field that answers with the sanitized photo."""

    widget = PhotoInput(
        attrs={
            "accept": "image/jpeg,image/png,image/webp,image/gif",
            # Names the error before there is one, because htmx does not update a preserved input.
            "aria-describedby": "id_photo_helptext id_photo_error",
        }
    )

    def clean(self, data: object, initial: object = None) -> object:
        photo = super().clean(data, initial)
        return sanitize_photo(photo) if isinstance(photo, UploadedFile) else photo


class ThumbnailUrls(dict[str, str]):
    """The URLs of thumbnails by alias, each made on first use."""

    def __init__(self, file: "ThumbnailedFile") -> None:
        self.file = file

    def __missing__(self, alias: str) -> str:
        if not aliases.get(alias, target=self.file):
            raise KeyError(alias)
        return str(self.file.thumbnail_storage.url(self.file.thumbnail_name(alias)))


class ThumbnailedFile(ThumbnailerImageFieldFile):
    """A stored original whose thumbnails are made when it is saved, not when a page shows them."""

    @property
    def urls(self) -> "ThumbnailUrls":
        """The URL of each thumbnail by its alias, made without access to storage."""
        return ThumbnailUrls(self)

    @property
    def shown(self) -> Iterable[str]:
        """The aliases of the thumbnails that pages show."""
        return list(aliases.all(self, include_global=False))

    def thumbnail_name(self, alias: str) -> str:
        # Names are made of the alias alone, but easy-thumbnails requires a size.
        return str(self.get_thumbnail_name({"ALIAS": alias, "size": (0, 0)}))

    def make_thumbnails(self) -> None:
        """Make the thumbnails that do not exist yet."""
        with decoding():
            for alias in self.shown:
                self[alias]

    def delete_thumbnails(self, *args: Any) -> int:
        """Delete all thumbnails, including any without a row in the database."""
        for alias in aliases.all(str(self.field), include_global=False):
            self.thumbnail_storage.delete(self.thumbnail_name(alias))
        return int(super().delete_thumbnails(*args))

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Delete the file and its thumbnails, even if the database is too full to record it."""
        if self:
            super().delete(*args, **kwargs)


class PhotoFile(ThumbnailedFile):
    """A stored profile photo."""

    def save(self, name: str, content: File[bytes], *args: Any, **kwargs: Any) -> None:
        old = self.name
        try:
            super().save(name, content, *args, **kwargs)
            self.make_thumbnails()
        except Exception:
            if self.name != old:
                self.delete(save=False)
            raise


class PhotoField(ThumbnailerImageField):
    """A model field for photos of people, which every form sanitizes."""

    attr_class = PhotoFile

    def formfield(self, **kwargs: Any) -> Any:
        # Photos get a name of ours, so the length of theirs does not matter.
        return super().formfield(
            **{"form_class": SanitizedPhotoField, **kwargs, "max_length": None}
        )
