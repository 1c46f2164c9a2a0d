from collections.abc import Iterator

from images.files import ImageFile
from images.models import Image
from people.audit import missing_thumbnails_of
from web.audit import Fault, check


@check("images without files")
def images_without_files() -> Iterator[Fault]:
    """Find images whose file is lost; only a backup can bring it back."""
    for image in Image.objects.order_by("pk").iterator():
        if not image.image.storage.exists(image.image.name):
            yield Fault(f"image {image.pk}: {image.image.name}")


@check("missing thumbnails")
def missing_thumbnails() -> Iterator[Fault]:
    for file in ImageFile.objects.exclude(images=None).order_by("pk").iterator():
        yield from missing_thumbnails_of(file.image)
