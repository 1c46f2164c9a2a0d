"""Stored originals whose thumbnails are made when they are saved."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from easy_thumbnails import engine
from easy_thumbnails.alias import aliases
from easy_thumbnails.files import ThumbnailerImageFieldFile

from imaging import jobs
from imaging.admission import decoding
from imaging.pixels import Pixels, fitted, image_of, reduced_to_cover, scaled
from imaging.storage import delete_all, save_all


def needed_pixels(target: str) -> dict[str, Any]:
    """Return how many pixels of an original its thumbnails need, as options for a decoder."""
    by_target: dict[str, Any] = settings.THUMBNAIL_ALIASES
    thumbnails = by_target[target].values()
    whole = [options["size"] for options in thumbnails if not options.get("crop")]
    cut = [options["size"] for options in thumbnails if options.get("crop")]
    fit = tuple(max(sides) for sides in zip(*whole, strict=True)) or (1, 1)
    return {"fit": fit, "cover": max(map(max, cut), default=1)}


class ThumbnailUrls(dict[str, str]):
    """The URLs of thumbnails by alias, each made on first use."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __missing__(self, alias: str) -> str:
        return thumbnail_name(self.url, alias)


def thumbnail_name(original: str, alias: str) -> str:
    """Return the name or the URL of a thumbnail, given that of its original."""
    extension = "jpg" if alias.endswith("_jpeg") else settings.THUMBNAIL_EXTENSION
    return f"{original}.{alias}.{extension}"


class ThumbnailedFile(ThumbnailerImageFieldFile):
    """A stored original whose thumbnails are made when it is saved, not when a page shows them."""

    # easy-thumbnails reads its settings for each file of a page, except for these.
    thumbnail_basedir = thumbnail_subdir = thumbnail_prefix = thumbnail_namer = ""
    thumbnail_quality = settings.THUMBNAIL_QUALITY
    thumbnail_extension = thumbnail_transparency_extension = settings.THUMBNAIL_EXTENSION
    thumbnail_preserve_extensions = thumbnail_check_cache_miss = False
    # How many pixels of an original its thumbnails need.
    needed_pixels: Mapping[str, Any]

    @property
    def urls(self) -> ThumbnailUrls:
        """The URL of each thumbnail by its alias, made without access to storage."""
        return ThumbnailUrls(self.url)

    @property
    def shown(self) -> Iterable[str]:
        """The aliases of the thumbnails that pages show."""
        return list(aliases.all(self, include_global=False))

    @property
    def names(self) -> list[str]:
        """The names of the original and of the thumbnails that pages show."""
        return [str(self.name), *map(self.thumbnail_name, self.shown)]

    def thumbnail_name(self, alias: str) -> str:
        return thumbnail_name(str(self.name), alias)

    def get_source_cache(self, *args: Any, **kwargs: Any) -> Any:
        """Return the row that easy-thumbnails made for a file of an earlier version, if any."""
        return super().get_source_cache()

    def make_thumbnails(self) -> None:
        """Make the thumbnails that do not exist yet, of the stored original."""
        present = self.storage.present(map(self.thumbnail_name, self.shown))
        missing = [alias for alias in self.shown if self.thumbnail_name(alias) not in present]
        if missing:
            with self.storage.open(self.name) as original:
                pixels = jobs.pixels_in(original.read(), **self.needed_pixels)
            save_all(self.storage, self.draw_thumbnails(pixels, missing))

    def draw_thumbnails(self, pixels: Pixels, wanted: Iterable[str]) -> dict[str, bytes]:
        """Return the thumbnails with these aliases by their names."""
        full_size = pixels.full_width, pixels.full_height
        drawn: dict[str, bytes] = {}
        with decoding():
            image = image_of(pixels)
            for alias in wanted:
                name, options = self.thumbnail_name(alias), aliases.get(alias, target=self)
                size = options["size"]
                if options.get("crop"):
                    source = reduced_to_cover(image, size)
                else:
                    source = scaled(image, fitted(full_size, size))
                file = engine.save_pil_image(
                    engine.process_image(source, options),
                    filename=name,
                    quality=self.thumbnail_quality,
                    lossless=pixels.is_lossless,
                )
                drawn[name] = file.read()
        return drawn

    def delete_thumbnails(self, *args: Any) -> int:
        """Delete all thumbnails, including any without a row in the database."""
        possible = aliases.all(str(self.field), include_global=False)
        delete_all(self.storage, map(self.thumbnail_name, possible))
        return int(super().delete_thumbnails(*args))

    def delete_after_commit(self) -> None:
        """Delete the file when its row is gone for good. If that fails, `prune` deletes it."""
        transaction.on_commit(partial(self.delete, save=False), robust=True)

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Delete the file and its thumbnails, even if the database is too full to record it."""
        if self:
            # Only files of earlier versions have rows. In a transaction, nobody else can write to
            # SQLite, and a store may not answer for long.
            with transaction.atomic() if self.get_source_cache() else nullcontext():
                super().delete(*args, **kwargs)
