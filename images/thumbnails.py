"""The thumbnails of images, in the widths that screens need."""

from collections.abc import Iterable

from easy_thumbnails.alias import aliases

from imaging.decode import fitted
from imaging.thumbnails import ThumbnailedFile


class ImageFieldFile(ThumbnailedFile):
    """A stored original whose thumbnails follow from the size of the image."""

    @property
    def widths(self) -> dict[int, str]:
        """The widths of its thumbnails with their aliases, the narrowest first."""
        size = self.instance.width, self.instance.height
        widths: dict[int, str] = {}
        for alias, options in aliases.all(self, include_global=False).items():
            if "crop" not in options:
                widths.setdefault(fitted(size, options["size"])[0], alias)
        return widths

    @property
    def srcset(self) -> str:
        """The thumbnails among which a browser chooses by width."""
        return ", ".join(f"{self.urls[alias]} {width}w" for width, alias in self.widths.items())

    @property
    def src(self) -> str:
        """The URL of the thumbnail that fits most screens."""
        *_, alias = list(self.widths.values())[:2]
        return self.urls[alias]

    @property
    def shown(self) -> Iterable[str]:
        """The aliases of the thumbnails that pages show, without duplicates for small images."""
        return ("thumbnail", *self.widths.values())
