"""Files that an earlier version named after a hash of their content."""

import os
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from easy_thumbnails.models import Source, Thumbnail

from images.files import ImageFile
from images.management.commands import rename_files
from images.models import Image
from images.old_files import adopt, rename, with_old_names
from images.sanitize import SanitizedImage, digest_of, sanitize
from testing.image_files import image_file
from testing.stored_files import stored_names
from testing.waiting import second_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_storage"),
]
TEAL, NAVY = image_file("teal", (40, 30)), image_file("navy", (40, 30))


def saved_by_earlier_version(user: User, sanitized: SanitizedImage) -> Image:
    """Save an image as an earlier version did, without an `ImageFile`."""
    digest = digest_of(sanitized.data)
    size = {"width": sanitized.width, "height": sanitized.height}
    name = f"images/{digest[:2]}/{digest[2:]}.{sanitized.extension}"
    image = Image.objects.create(user=user, title="Old", image=name, **size)
    if not image.image.storage.exists(name):
        ImageFile(image=name, **size).write(sanitized)
    return image


@pytest.fixture
def old(ana: User, ben: User) -> list[Image]:
    """Two images that share a file, and another."""
    pictures = (ana, TEAL), (ben, TEAL), (ana, NAVY)
    return [saved_by_earlier_version(user, sanitize(data)) for user, data in pictures]


def age() -> None:
    """Set the time of all files on disk to two days ago."""
    for name in stored_names():
        os.utime(default_storage.path(name), (time.time() - 2 * 24 * 60 * 60,) * 2)


def test_images_of_an_earlier_version_are_adopted_with_their_files(
    old: list[Image], ben: User, days_later: Callable[[float], None]
) -> None:
    before = stored_names()
    days_later(2)
    call_command("prune")
    assert stored_names() == before
    first, second, third = Image.objects.order_by("pk")
    assert first.file == second.file != third.file
    assert first.file
    assert (first.file.width, first.file.digest) == (40, digest_of(sanitize(TEAL).data))
    again = Image.objects.bookmark(ben, sanitize(TEAL), title="New")
    assert again.file == first.file
    assert stored_names() == before


def test_an_adopted_image_uses_the_new_file_of_its_picture_if_there_is_one(ana: User) -> None:
    new = Image.objects.bookmark(ana, sanitize(TEAL), title="New")
    old = saved_by_earlier_version(ana, sanitize(TEAL))
    assert old.image.name != new.image.name
    call_command("prune")
    old.refresh_from_db()
    assert (old.file, old.image.name) == (new.file, new.image.name)


def test_an_image_of_an_earlier_version_can_be_shown_and_deleted(
    old: list[Image], days_later: Callable[[float], None]
) -> None:
    assert old[0].image.name in stored_names()
    assert old[0].image.srcset
    for image in old:
        image.delete()
    days_later(2)
    call_command("prune")
    assert stored_names() == set()


@pytest.mark.disk
def test_old_files_get_random_names_with_their_thumbnails(old: list[Image]) -> None:
    before = stored_names()
    call_command("rename_files")
    first, second, third = Image.objects.order_by("pk")
    assert first.image.name == second.image.name
    assert not {first.image.name, third.image.name} & before
    assert not with_old_names().exists()
    for image in (first, third):
        names = {image.image.name, *(image.image.thumbnail_name(a) for a in image.image.shown)}
        assert names <= stored_names()
        assert image.file
        assert image.file.image.name == image.image.name
    assert not before & {*Source.objects.values_list("name", flat=True)}
    assert not before & {*Thumbnail.objects.values_list("name", flat=True)}


@pytest.mark.disk
def test_old_names_keep_working_for_a_day(old: list[Image]) -> None:
    before = stored_names()
    age()
    call_command("rename_files")
    call_command("prune")
    assert before < stored_names()
    age()
    call_command("prune")
    assert not before & stored_names()
    assert len(stored_names()) == len(before)


@pytest.mark.disk
def test_renaming_can_be_stopped_and_run_again(
    old: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(file: ImageFile) -> None:
        rename(file)
        raise KeyboardInterrupt

    monkeypatch.setattr(rename_files, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        call_command("rename_files")
    assert with_old_names().count() == 1
    renamed = ImageFile.objects.exclude(pk__in=with_old_names()).get().image.name
    monkeypatch.undo()
    call_command("rename_files")
    assert not with_old_names().exists()
    assert ImageFile.objects.filter(image=renamed).exists()


@pytest.mark.disk
def test_a_missing_file_keeps_its_name(old: list[Image]) -> None:
    default_storage.delete(str(old[2].image.name))
    call_command("rename_files")
    assert [file.image.name for file in with_old_names()] == [old[2].image.name]


@pytest.mark.disk
def test_a_save_waits_until_the_file_has_its_new_name(old: list[Image], ben: User) -> None:
    call_command("prune")
    file = Image.objects.get(pk=old[0].pk).file
    assert file
    assert second_waits(
        lambda: rename(file),
        lambda: Image.objects.bookmark(ben, sanitize(TEAL), title="New"),
        pause='UPDATE "images_imagefile"',
    )
    assert {image.image.name for image in file.images.all()} == {
        ImageFile.objects.get(pk=file.pk).image.name
    }


@pytest.mark.disk
def test_renaming_a_file_while_its_image_is_saved_again_is_no_deadlock(
    old: list[Image], cleo: User
) -> None:
    call_command("prune")
    image = Image.objects.get(pk=old[0].pk)
    file = image.file
    assert file
    second_waits(
        lambda: image.save_again(cleo), lambda: rename(file), pause='FROM "images_image" WHERE'
    )
    names = set(file.images.values_list("image", flat=True))
    assert names == {ImageFile.objects.get(pk=file.pk).image.name}


def test_adopting_and_deleting_many_images_at_once_is_no_deadlock(ana: User) -> None:
    # Their names are in another order than their ids.
    pictures = sorted(map(sanitize, (TEAL, NAVY)), key=lambda each: digest_of(each.data))
    for sanitized in reversed(pictures):
        saved_by_earlier_version(ana, sanitized)
    second_waits(
        lambda: adopt(Image.objects.all(), ImageFile.objects.all()),
        Image.objects.all().delete,
        pause='UPDATE "images_image"',
    )
    assert not Image.objects.exists()


def test_a_save_does_not_wait_while_an_image_of_its_file_is_adopted(ana: User, ben: User) -> None:
    saved_by_earlier_version(ana, sanitize(TEAL))
    call_command("prune")
    saved_by_earlier_version(ana, sanitize(TEAL))
    waits = second_waits(
        lambda: adopt(Image.objects.all(), ImageFile.objects.all()),
        lambda: Image.objects.bookmark(ben, sanitize(TEAL), title="New"),
        pause='UPDATE "images_image"',
    )
    # SQLite has one lock for all writers.
    assert waits == (connection.vendor == "sqlite")
    assert ImageFile.objects.get().images.count() == 3
