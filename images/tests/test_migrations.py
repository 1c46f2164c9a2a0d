"""Images from before a migration get the same thumbnails as later ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from images.models import Image

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]


@pytest.fixture
def old(ana: User, ben: User, bookmark: Bookmark) -> Iterator[Image]:
    """One of two images that share a file, with the thumbnails of before migration 0003."""
    image = bookmark(ana, colour="maroon")
    bookmark(ben, colour="maroon")
    image.image.delete_thumbnails()
    for alias, size in (("card", (600, 450)), ("detail_2x", (2048, 2048))):
        image.image.get_thumbnail({"ALIAS": alias, "size": size})
    call_command("migrate", "images", "0002", verbosity=0)
    yield image
    image.image.delete(save=False)


def aliases(media: Path, image: Image) -> list[str]:
    path = media / image.image.name
    return sorted(file.name.split(".")[-2] for file in path.parent.glob(f"{path.name}.*"))


def test_older_images_get_thumbnails_by_width_in_place_of_those_by_size(
    old: Image, media: Path
) -> None:
    assert aliases(media, old) == ["card", "detail_2x"]
    call_command("migrate", "images", "0003", verbosity=0)
    assert aliases(media, old) == ["320w", "thumbnail"]
    assert len(list(old.image.get_thumbnails())) == 2


def test_an_image_whose_file_is_lost_is_in_nobodys_way(old: Image, media: Path) -> None:
    (media / old.image.name).unlink()
    call_command("migrate", "images", "0003", verbosity=0)
    assert aliases(media, old) == []
    assert MigrationRecorder.Migration.objects.filter(app="images", name__startswith="0003")
