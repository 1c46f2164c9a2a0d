"""Image files: stored once, shared, and deleted with the last image."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from images.models import Image
from images.sanitize import clean
from stream.models import Action
from testing.image_files import picture
from testing.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
SMALL = ("320w", "thumbnail")


@pytest.fixture
def stored(media: Path) -> Callable[[], list[str]]:
    before = set(media.rglob("*"))

    def stored() -> list[str]:
        return sorted(path.name for path in set(media.rglob("*")) - before if path.is_file())

    return stored


@pytest.mark.parametrize(
    ("size", "aliases"),
    [
        ((2400, 1200), ("1200w", "2048w", "320w", "480w", "768w", "thumbnail")),
        ((500, 300), ("320w", "480w", "768w", "thumbnail")),
        ((40, 30), SMALL),
    ],
)
def test_an_image_has_its_thumbnails_each_stored_once(
    ana: User, stored: Callable[[], list[str]], size: tuple[int, int], aliases: tuple[str, ...]
) -> None:
    image = Image.objects.bookmark(ana, clean(picture("plum", size)), title="A bird")
    name = Path(image.image.name).name
    assert stored() == [name, *(f"{name}.{alias}.webp" for alias in aliases)]


def test_two_bookmarks_of_one_image_share_a_file_and_deleting_one_keeps_it(
    ana: User, ben: User, bookmark: Bookmark, stored: Callable[[], list[str]]
) -> None:
    first = bookmark(ana, "Mine", "olive")
    files = stored()
    second = bookmark(ben, "Also mine", "olive")
    assert first.image.name == second.image.name
    assert stored() == files
    first.delete()
    assert stored() == files
    second.delete()
    assert not stored()


def test_one_picture_may_be_saved_under_two_titles(
    ana: User, bookmark: Bookmark, stored: Callable[[], list[str]]
) -> None:
    bookmark(ana, "From the left", "maroon")
    files = stored()
    bookmark(ana, "From the right", "maroon")
    assert Image.objects.count() == 2
    assert stored() == files


def test_a_deletion_that_is_taken_back_keeps_the_file(
    ana: User, bookmark: Bookmark, stored: Callable[[], list[str]]
) -> None:
    image = bookmark(ana, "Mine", "indigo")
    files = stored()
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    assert stored() == files


def test_files_go_with_the_person(
    ana: User, ben: User, bookmark: Bookmark, stored: Callable[[], list[str]]
) -> None:
    bookmark(ana, "One", "salmon")
    bookmark(ben, "Two", "salmon")
    bookmark(ana, "Three", "orchid")
    ana.delete()
    assert len(stored()) == 1 + len(SMALL)
    ben.delete()
    assert not stored()


def test_a_picture_with_other_metadata_is_the_same_picture(ana: User) -> None:
    plain = clean(picture("teal", (40, 30)))
    assert clean(picture("teal", (40, 30), comment=b"a secret")).name == plain.name
    assert clean(picture("navy", (40, 30))).name != plain.name


def test_bookmarking_and_deleting_at_once_never_loses_a_file(ana: User, ben: User) -> None:
    cleaned = clean(picture("gold", (40, 30)))

    def bookmark_and_delete() -> bool:
        image = Image.objects.bookmark(ana, cleaned, title=str(uuid4()))
        assert image.image.storage.exists(cleaned.name)
        image.delete()
        return True

    at_once([bookmark_and_delete] * 24)
    kept = Image.objects.bookmark(ben, cleaned, title="Kept")
    at_once([bookmark_and_delete] * 24)
    assert kept.image.storage.exists(cleaned.name)
    assert kept.image.storage.exists(f"{cleaned.name}.320w.webp")
    kept.delete()
    assert not kept.image.storage.exists(cleaned.name)


def test_pressing_save_many_times_at_once_keeps_one_image(ana: User) -> None:
    cleaned = clean(picture("beige", (40, 30)))

    def bookmark() -> bool:
        return bool(Image.objects.bookmark(ana, cleaned, title="A bird"))

    assert all(at_once([bookmark] * 12))
    assert Image.objects.count() == Action.objects.count() == 1


def test_a_person_deleted_while_saving_leaves_no_file(
    ana: User, stored: Callable[[], list[str]]
) -> None:
    gone = User.objects.get(pk=ana.pk)
    ana.delete()
    with pytest.raises(User.DoesNotExist):
        Image.objects.bookmark(gone, clean(picture("linen", (40, 30))), title="A bird")
    assert not stored()


def test_a_missing_thumbnail_comes_with_the_next_bookmark(
    ana: User, ben: User, bookmark: Bookmark, stored: Callable[[], list[str]], media: Path
) -> None:
    image = bookmark(ana, "One", "khaki")
    files = stored()
    (media / f"{image.image.name}.320w.webp").unlink()
    bookmark(ben, "Two", "khaki")
    assert stored() == files


def test_the_admin_deletes_files_too(
    ana: User, bookmark: Bookmark, admin_client: Client, stored: Callable[[], list[str]]
) -> None:
    image = bookmark(ana, "One", "tomato")
    data = {"action": "delete_selected", "_selected_action": image.pk, "post": "yes"}
    admin_client.post("/admin/images/image/", data)
    assert not Image.objects.exists()
    assert not stored()
