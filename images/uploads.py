"""Files that people upload, one or several at a time."""

from math import inf
from time import monotonic
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from images.files import ImageFile
from images.sanitize import MAX_BYTES, TOO_HEAVY
from people.names import is_visible

# Files that a form may have, and the seconds after which no more of them are decoded.
MAX_FILES, MAX_SECONDS = 10, 40
HELP = format_lazy(
    _(
        "JPEG, PNG, WebP, GIF, AVIF or HEIC, up to 15 MB each. "
        "<noscript>Up to {files} files, {megabytes} MB in total.</noscript> "
        "Without a title, each of several images gets the name of its file."
    ),
    files=MAX_FILES,
    megabytes=settings.UPLOAD_MB_PER_FORM,
)
TOO_MANY = _("Choose up to %(number)s files at a time.")
NO_TIME = _("There was no time for this file. Add it again.")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to `MAX_FILES` files. An empty one is refused with those that are not images."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        if len(data or []) > MAX_FILES:
            raise ValidationError(TOO_MANY, params={"number": MAX_FILES})
        return list(data or [])


def received(
    uploads: list[UploadedFile[Any]],
) -> tuple[list[tuple[ImageFile, str]], list[tuple[str, str]]]:
    """Return the stored pictures with titles made of their names, and the other files with reasons.

    ValidationError if there is no picture.
    """
    if len(uploads) == 1:
        return [(_stored(uploads[0]), _title(str(uploads[0].name)))], []
    pictures: list[tuple[ImageFile, str]] = []
    refused = []
    deadline = monotonic() + MAX_SECONDS
    for upload in uploads:
        try:
            # Storing each at once keeps one at a time in memory.
            file = _stored(upload, deadline)
        except ValidationError as error:
            refused.append((str(upload.name), error.messages[0]))
        else:
            pictures.append((file, _title(str(upload.name))))
    if not pictures:
        raise ValidationError([f"{name}: {reason}" for name, reason in refused])
    return pictures, refused


def _stored(upload: UploadedFile[Any], deadline: float = inf) -> ImageFile:
    if monotonic() > deadline:
        raise ValidationError(NO_TIME)
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY)
    return ImageFile.objects.store_received(upload.read())


def _title(name: str) -> str:
    stem = name.rpartition(".")[0] if "." in name else name
    title = " ".join(stem.replace("_", " ").split())[:200]
    return title if is_visible(title) else gettext("Image")
