from collections.abc import Iterator
from functools import partial

from images.files import ImageFile
from images.models import LIKES, Image, ImageCount
from people.audit import missing_thumbnails_of, people_to_settle, wrong_counts
from web.audit import Fault, check, each


@check("images without files")
def images_without_files() -> Iterator[Fault]:
    """Find images whose file is lost; only a backup can bring it back."""
    for image in each(Image.objects.only("image")):
        if not image.image.storage.exists(image.image.name):
            yield Fault(f"image {image.pk}: {image.image.name}")


@check("uncounted likes")
def uncounted_likes() -> Iterator[Fault]:
    yield from people_to_settle(LIKES)


@check("wrong like counts")
def wrong_like_counts() -> Iterator[Fault]:
    yield from wrong_counts(LIKES)


@check("wrong image counts")
def wrong_image_counts() -> Iterator[Fault]:
    for user in ImageCount.objects.wrong_users():
        yield Fault(f"user {user.pk}", partial(ImageCount.objects.recount, user))


@check("missing thumbnails")
def missing_thumbnails() -> Iterator[Fault]:
    for file in each(ImageFile.objects.exclude(images=None).only("image", "width", "height")):
        yield from missing_thumbnails_of(file.image)
