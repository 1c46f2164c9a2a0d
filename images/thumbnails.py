"""The files of images: each comes with thumbnails as wide as screens show it."""

from collections.abc import Iterable

from easy_thumbnails.alias import aliases

from imaging.decode import fitted
from imaging.thumbnails import ThumbnailedFile


class ImageFieldFile(ThumbnailedFile):
    """The stored file of an image, which knows its thumbnails from the image's size alone."""

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
        """The thumbnails from which a browser takes the one that is wide enough."""
        return ", ".join(f"{self.urls[alias]} {width}w" for width, alias in self.widths.items())

    @property
    def src(self) -> str:
        """The URL of the thumbnail that does for most screens."""
        *_, alias = list(self.widths.values())[:2]
        return self.urls[alias]

    @property
    def shown(self) -> Iterable[str]:
        """The aliases of the thumbnails that pages show, none twice for a small image."""
        return ("thumbnail", *self.widths.values())
