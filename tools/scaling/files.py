"""The files of an image."""

from math import sqrt

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

    image = ImageFile.objects.latest("pk").image
    sizes = list(map(image.storage.size, image.names))
    shown = image.storage.size(image.thumbnail_name("480w"))
    return Picture(len(sizes), sum(sizes), shown)
