"""Files of images: under random names, shared, and deleted a day after the last image."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from images import files
from images.files import ImageFile
from images.models import Image
from images.sanitize import digest_of, sanitize
from images.unused_files import GRACE
from stream.models import Action
from stream.record import DeletedError
from testing.disks import no_room_to
from testing.image_files import image_file
from testing.stored_files import stored_file, stored_names
from testing.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
SMALL = ("320w", "thumbnail")
JPEG = ("480w_jpeg.jpg", "thumbnail_jpeg.jpg")


@pytest.fixture
def stored(empty_storage: None) -> Callable[[], set[str]]:
    return stored_names


@pytest.fixture
def a_day_later() -> Callable[[], None]:
    """Let a day pass, and prune."""

    def a_day_later() -> None:
        for file in ImageFile.objects.exclude(unused_since=None):
            since = file.unused_since and file.unused_since - GRACE
            ImageFile.objects.filter(pk=file.pk).update(unused_since=since)
        call_command("prune")

    return a_day_later


@pytest.mark.parametrize(
    ("size", "aliases"),
    [
        ((2400, 1200), ("1200w", "2048w", "320w", "480w", "768w", "thumbnail")),
        ((500, 300), ("320w", "480w", "768w", "thumbnail")),
        ((40, 30), SMALL),
    ],
)
def test_each_thumbnail_of_an_image_is_stored_once(
    ana: User, stored: Callable[[], set[str]], size: tuple[int, int], aliases: tuple[str, ...]
) -> None:
    image = Image.objects.bookmark(ana, sanitize(image_file("plum", size)), title="A bird")
    name = str(image.image.name)
    files = [*(f"{alias}.webp" for alias in aliases), *JPEG]
    assert stored() == {name, *(f"{name}.{file}" for file in files)}


def test_the_same_picture_saved_twice_is_stored_once_until_both_are_deleted(
    ana: User,
    ben: User,
    bookmark: Bookmark,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    first = bookmark(ana, "Mine", "olive")
    files = stored()
    second = bookmark(ben, "Also mine", "olive")
    assert first.image.name == second.image.name
    assert stored() == files
    first.delete()
    a_day_later()
    assert stored() == files
    second.delete()
    call_command("prune")
    assert stored() == files
    a_day_later()
    assert not stored()
    assert not ImageFile.objects.exists()


def test_no_file_name_can_be_computed_from_a_picture(
    ana: User, bookmark: Bookmark, a_day_later: Callable[[], None]
) -> None:
    image = bookmark(ana, "Mine", "olive")
    name = image.image.name
    digest = sha256(stored_file(name)).hexdigest()
    assert not {name[i : i + 8] for i in range(len(name))} & {digest[i : i + 8] for i in range(57)}
    image.delete()
    a_day_later()
    assert bookmark(ana, "Mine", "olive").image.name != name


def test_a_save_keeps_a_file_that_was_unused(
    ana: User,
    ben: User,
    bookmark: Bookmark,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    bookmark(ana, "Mine", "olive").delete()
    assert ImageFile.objects.get().unused_since
    files = stored()
    bookmark(ben, "Mine", "olive")
    assert ImageFile.objects.get().unused_since is None
    a_day_later()
    assert stored() == files


def test_a_file_that_was_never_marked_as_unused_is_pruned_too(
    ana: User,
    bookmark: Bookmark,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    bookmark(ana, "Mine", "olive").delete()
    ImageFile.objects.update(unused_since=None)
    call_command("prune")
    assert stored()
    a_day_later()
    assert not stored()


def test_an_image_is_deleted_even_if_its_file_cannot_be_marked_as_unused(
    ana: User,
    as_ana: Client,
    bookmark: Bookmark,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    image = bookmark(ana, "Mine", "olive")
    with no_room_to('UPDATE "images_imagefile"'):
        assert as_ana.post(f"/images/{image.pk}/delete/").status_code == 303
    call_command("prune")
    a_day_later()
    assert not stored()


def test_bytes_that_were_received_before_are_not_decoded_again(
    as_ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, other = image_file("olive", (40, 30)), image_file("olive", (40, 30), comment=b"other")
    known = digest_of(sanitize(data).data)

    def save(title: str, data: bytes) -> int:
        fields = {"title": title, "upload": SimpleUploadedFile("x.png", data), "known": known}
        return as_ana.post("/images/add/", fields).status_code

    assert save("One", data) == save("Two", other) == 303
    monkeypatch.setattr(files, "sanitize", lambda data: pytest.fail("It was decoded again."))
    assert save("Three", data) == save("Four", other) == 303
    assert ImageFile.objects.get().images.count() == 4


def test_a_lost_original_is_stored_again_when_its_picture_is_saved(
    ana: User, as_ana: Client, bookmark: Bookmark, stored: Callable[[], set[str]]
) -> None:
    data = image_file("olive", (60, 40))
    Image.objects.bookmark(ana, sanitize(data), title="One")
    files = stored()
    default_storage.delete(str(Image.objects.get().image.name))
    upload = SimpleUploadedFile("x.png", data)
    as_ana.post("/images/add/", {"title": "Two", "upload": upload})
    assert stored() == files


def test_one_picture_may_be_saved_under_two_titles(
    ana: User, bookmark: Bookmark, stored: Callable[[], set[str]]
) -> None:
    bookmark(ana, "From the left", "maroon")
    files = stored()
    bookmark(ana, "From the right", "maroon")
    assert Image.objects.count() == 2
    assert stored() == files


def test_a_deletion_that_is_rolled_back_keeps_the_file(
    ana: User, bookmark: Bookmark, stored: Callable[[], set[str]]
) -> None:
    image = bookmark(ana, "Mine", "indigo")
    files = stored()
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    assert stored() == files


def test_files_are_deleted_a_day_after_their_owner(
    ana: User,
    ben: User,
    bookmark: Bookmark,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    bookmark(ana, "One", "salmon")
    bookmark(ben, "Two", "salmon")
    bookmark(ana, "Three", "orchid")
    ana.delete()
    a_day_later()
    assert len(stored()) == 1 + len(SMALL) + len(JPEG)
    ben.delete()
    a_day_later()
    assert not stored()


def test_metadata_does_not_make_a_different_picture(ana: User) -> None:
    plain = sanitize(image_file("teal", (40, 30)))
    assert sanitize(image_file("teal", (40, 30), comment=b"a secret")).data == plain.data
    assert sanitize(image_file("navy", (40, 30))).data != plain.data


def test_saving_deleting_and_pruning_at_once_never_loses_a_file(
    ana: User, ben: User, stored: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Unused files are deleted at once.
    monkeypatch.setattr("images.unused_files.GRACE", timedelta())
    sanitized = sanitize(image_file("gold", (40, 30)))

    def save_and_delete() -> bool:
        try:
            image = Image.objects.bookmark(ana, sanitized, title=str(uuid4()))
        except (ImageFile.DoesNotExist, IntegrityError):
            # It was pruned at this moment. Outside of this test, that takes a day.
            return True
        assert image.image.storage.exists(image.image.name)
        image.delete()
        ImageFile.objects.prune()
        return True

    at_once([save_and_delete] * 24)
    monkeypatch.undo()
    kept = Image.objects.bookmark(ben, sanitized, title="Kept")
    at_once([save_and_delete] * 24)
    assert kept.image.storage.exists(kept.image.name)
    assert kept.image.storage.exists(f"{kept.image.name}.320w.webp")
    assert len(stored()) == 1 + len(SMALL) + len(JPEG)


def test_pressing_save_many_times_at_once_saves_one_image(ana: User) -> None:
    sanitized = sanitize(image_file("beige", (40, 30)))

    def bookmark() -> bool:
        return bool(Image.objects.bookmark(ana, sanitized, title="A bird"))

    assert all(at_once([bookmark] * 12))
    assert Image.objects.count() == Action.objects.count() == 1


def test_a_person_who_is_deleted_while_saving_leaves_no_file(
    ana: User, stored: Callable[[], set[str]], a_day_later: Callable[[], None]
) -> None:
    gone = User.objects.get(pk=ana.pk)
    ana.delete()
    with pytest.raises(DeletedError):
        Image.objects.bookmark(gone, sanitize(image_file("linen", (40, 30))), title="A bird")
    a_day_later()
    assert not stored()


def test_the_admin_deletes_files_too(
    ana: User,
    bookmark: Bookmark,
    admin_client: Client,
    stored: Callable[[], set[str]],
    a_day_later: Callable[[], None],
) -> None:
    image = bookmark(ana, "One", "tomato")
    data = {"action": "delete_selected", "_selected_action": image.pk, "post": "yes"}
    admin_client.post("/admin/images/image/", data)
    assert not Image.objects.exists()
    a_day_later()
    assert not stored()
