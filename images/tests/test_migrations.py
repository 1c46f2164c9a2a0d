"""After the migrations, existing images have the same form as new ones."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from easy_thumbnails.models import Source, Thumbnail
from easy_thumbnails.utils import get_storage_hash

from images.files import ReceivedDigest
from images.models import Image, Like
from stream.models import Action
from stream.record import create_action
from testing.stored_files import stored_names

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
# Saves an image as the previous version does.
COPY = """
    INSERT INTO images_image (user_id, title, slug, url, image, width, height, is_animated,
        description, created)
    SELECT user_id, title, slug, url, %s, width, height, is_animated, description, created
    FROM images_image WHERE id = %s
"""

LIKE = "INSERT INTO images_like (user_id, image_id) VALUES (%s, %s)"


@pytest.fixture
def old(ana: User, ben: User, bookmark: Bookmark) -> Iterator[Image]:
    """One of two images that share a file, with the thumbnails from before migration 0003."""
    image = bookmark(ana, colour="maroon")
    bookmark(ben, colour="maroon")
    image.image.delete_thumbnails()
    for alias in ("card", "detail_2x"):
        save_earlier_thumbnail(image.image, alias)
    call_command("migrate", "images", "0002", verbosity=0)
    yield image
    call_command("migrate", "images", verbosity=0)
    image.image.delete(save=False)


def save_earlier_thumbnail(file: Any, alias: str) -> None:
    """Save a thumbnail with a row, as earlier versions did."""
    name, storage = f"{file.name}.{alias}.webp", file.storage
    storage.save(name, ContentFile(b"x"))
    known = {"storage_hash": get_storage_hash(storage)}
    source, _ = Source.objects.get_or_create(name=file.name, **known)
    source.thumbnails.create(name=name, **known)


def aliases(image: Image) -> list[str]:
    start = f"{image.image.name}."
    return sorted(name.split(".")[-2] for name in stored_names() if name.startswith(start))


def test_thumbnails_by_size_are_replaced_with_thumbnails_by_width(old: Image) -> None:
    assert aliases(old) == ["card", "detail_2x"]
    call_command("migrate", "images", "0003", verbosity=0)
    assert aliases(old) == ["320w", "480w_jpeg", "thumbnail", "thumbnail_jpeg"]
    assert not Thumbnail.objects.exists()


def test_an_image_without_its_file_does_not_stop_a_migration(old: Image) -> None:
    old.image.storage.delete(old.image.name)
    call_command("migrate", "images", "0003", verbosity=0)
    assert aliases(old) == []
    assert MigrationRecorder.Migration.objects.filter(app="images", name__startswith="0003")


def test_images_get_files_by_their_names_without_reading_them(old: Image, ana: User) -> None:
    digest = "0123456789abcdef0123456789abcdef01"
    # Neither file exists, and Magpie would not give the second one its name.
    shared = f"images/{digest[:2]}/{digest[2:]}.jpg"
    names = [shared, shared, "x.png"]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(COPY, [name, old.pk])
    call_command("migrate", "images", verbosity=0)
    first, second, third = Image.objects.filter(image__in=names).order_by("pk")
    assert first.file == second.file != third.file
    assert first.file
    assert first.file.digest == digest
    assert [image.image.name for image in (first, second, third)] == names
    assert not Image.objects.filter(file=None).exists()


def test_likes_get_the_time_of_their_action(old: Image, ben: User, cleo: User) -> None:
    with connection.cursor() as cursor:
        for user in (ben, cleo):
            cursor.execute(LIKE, [user.pk, old.pk])
    create_action(ben, "likes", old)
    call_command("migrate", "images", verbosity=0)
    action = Action.objects.get(verb="likes")
    times = dict(Like.objects.values_list("user__username", "created"))
    assert times == {"ben": action.created, "cleo": None}


def test_a_server_of_the_previous_version_can_still_save_images(
    ana: User, bookmark: Bookmark
) -> None:
    image = bookmark(ana)
    with connection.cursor() as cursor:
        cursor.execute(COPY, [image.image.name, image.pk])
    call_command("prune")
    assert {each.file for each in Image.objects.all()} == {image.file}


def test_a_file_that_arrived_before_is_decoded_again(ana: User, bookmark: Bookmark) -> None:
    bookmark(ana, colour="teal")
    call_command("migrate", "images", "0009", verbosity=0)
    assert ReceivedDigest.objects.exists()
    call_command("migrate", "images", verbosity=0)
    assert not ReceivedDigest.objects.exists()
