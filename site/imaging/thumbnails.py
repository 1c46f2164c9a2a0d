"""Stored originals whose thumbnails are made when they are saved."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from easy_thumbnails.alias import aliases
from easy_thumbnails.files import ThumbnailerImageFieldFile

from imaging.admission import decoding


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
        # Names depend only on the alias, but easy-thumbnails requires a size.
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
