"""The thumbnails of images, in the widths that screens need."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings

from imaging.pixels import fitted
from imaging.thumbnails import ThumbnailedFile, needed_pixels

# The largest size of each thumbnail that keeps the shape of its image.
ALIASES: Any = settings.THUMBNAIL_ALIASES["images"]
SIZES: dict[str, tuple[int, int]] = {
    alias: options["size"] for alias, options in ALIASES.items() if alias.endswith("w")
}
NEEDED_PIXELS = needed_pixels("images")


class ImageFieldFile(ThumbnailedFile):
    """A stored original whose thumbnails follow from the size of the image."""

    needed_pixels = NEEDED_PIXELS

    @cached_property
    def widths(self) -> dict[int, str]:
        """The widths of its thumbnails with their aliases, the narrowest first."""
        size = self.instance.width, self.instance.height
        widths: dict[int, str] = {}
        for alias, box in SIZES.items():
            widths.setdefault(fitted(size, box)[0], alias)
        return widths

    @property
    def narrowest(self) -> str:
        """The alias of its narrowest thumbnail."""
        return next(iter(self.widths.values()))

    @property
    def srcset(self) -> str:
        """The thumbnails among which a browser chooses by width."""
        urls = self.urls
        return ", ".join(f"{urls[alias]} {width}w" for width, alias in self.widths.items())

    @property
    def jpeg(self) -> str:
        """The URL of the thumbnail for browsers that cannot read WebP."""
        return self.urls["480w_jpeg"]

    @property
    def shown(self) -> Iterable[str]:
        """The aliases of the thumbnails that pages show, without duplicates for small images."""
        return ("thumbnail", "thumbnail_jpeg", "480w_jpeg", *self.widths.values())
