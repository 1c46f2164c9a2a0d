"""Saving an image and deleting its file at the same moment."""

import pytest
from django.contrib.auth.models import User

from images.models import Image
from images.sanitize import CleanImage, clean
from testing.image_files import picture
from testing.waiting import second_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crow() -> CleanImage:
    """A picture whose file is there, with no image that shows it."""
    crow = clean(picture("black", (40, 30)))
    Image.store(crow)
    return crow


def test_a_save_waits_while_the_file_is_deleted_and_brings_it_back(
    ana: User, crow: CleanImage
) -> None:
    assert second_waits(
        lambda: Image.objects.discard_file(crow.name),
        lambda: Image.objects.bookmark(ana, crow, title="A crow"),
        pause='"images_image"',
    )
    assert Image.objects.get().image.storage.exists(crow.name)


def test_a_deletion_waits_while_the_picture_is_saved_and_leaves_its_file(
    ana: User, crow: CleanImage
) -> None:
    assert second_waits(
        lambda: Image.objects.bookmark(ana, crow, title="A crow"),
        lambda: Image.objects.discard_file(crow.name),
        pause='INSERT INTO "images_image"',
    )
    assert Image.objects.get().image.storage.exists(crow.name)
