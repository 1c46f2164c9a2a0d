"""The files of an image."""

from math import sqrt
from pathlib import Path

from django.conf import settings

from tools.bench.photo_files import photo
from tools.scaling.assumptions import MEGAPIXELS
from tools.scaling.costs import Picture

SHAPE = 4 / 3


def picture() -> bytes:
    """Return a JPEG like a photo, which looks like no other."""
    height = round(sqrt(MEGAPIXELS.value * 1_000_000 / SHAPE))
    return photo((round(height * SHAPE), height))


def stored_picture() -> Picture:
    """Return the files of the image that was saved last."""
    from images.files import ImageFile

    file = ImageFile.objects.latest("pk")
    names = [file.image.name, *map(file.image.thumbnail_name, file.image.shown)]
    sizes = [(Path(settings.MEDIA_ROOT) / name).stat().st_size for name in names]
    shown = Path(settings.MEDIA_ROOT) / file.image.thumbnail_name("480w")
    return Picture(len(sizes), sum(sizes), shown.stat().st_size)
