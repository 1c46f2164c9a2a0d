"""Saving a picture while its file is pruned, or while other people save the same picture."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from images.files import ImageFile
from images.models import Image
from images.sanitize import SanitizedImage, sanitize
from images.unused_files import GRACE
from testing.image_files import image_file
from testing.stored_files import lose_files, stored_names
from testing.threads import at_once
from testing.waiting import second_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crow() -> SanitizedImage:
    """A picture whose file has had no image for two days."""
    crow = sanitize(image_file("black", (40, 30)))
    ImageFile.objects.store(crow)
    ImageFile.objects.update(unused_since=timezone.now() - 2 * GRACE)
    return crow


def is_stored(image: Image) -> bool:
    return bool(image.image.storage.exists(image.image.name))


def test_a_save_waits_while_the_file_is_pruned_and_stores_it_again(
    ana: User, crow: SanitizedImage
) -> None:
    assert second_waits(
        ImageFile.objects.prune,
        lambda: Image.objects.bookmark(ana, crow, title="A crow"),
        pause='DELETE FROM "images_imagefile"',
    )
    assert is_stored(Image.objects.get())


def test_prune_waits_while_the_picture_is_saved_and_leaves_its_file(
    ana: User, crow: SanitizedImage
) -> None:
    assert second_waits(
        lambda: Image.objects.bookmark(ana, crow, title="A crow"),
        ImageFile.objects.mark_unused,
        pause='INSERT INTO "images_image"',
    )
    assert ImageFile.objects.get().unused_since is None
    ImageFile.objects.update(unused_since=timezone.now() - 2 * GRACE)
    ImageFile.objects.prune()
    assert is_stored(Image.objects.get())


def test_a_file_that_is_reused_during_a_prune_is_kept(crow: SanitizedImage) -> None:
    second_waits(
        ImageFile.objects.prune,
        lambda: ImageFile.objects.store(crow),
        pause='"unused_since" <',
    )
    file = ImageFile.objects.get()
    assert file.image.storage.exists(file.image.name)


def test_a_file_that_is_reused_is_kept_for_another_day(ana: User, crow: SanitizedImage) -> None:
    file = ImageFile.objects.store(crow)
    assert file.unused_since
    assert timezone.now() - file.unused_since < timedelta(minutes=1)
    ImageFile.objects.prune()
    assert is_stored(Image.objects.bookmark(ana, file, title="A crow"))


def test_concurrent_saves_of_one_new_picture_share_one_file(ana: User, empty_storage: None) -> None:
    crow = sanitize(image_file("gray", (40, 30)))
    assert all(at_once([lambda: bool(Image.objects.bookmark(ana, crow, title=uuid4().hex))] * 12))
    file = ImageFile.objects.get()
    assert file.images.count() == 12
    assert is_stored(Image.objects.first() or Image())
    assert [name for name in stored_names() if name.count(".") == 1] == [file.image.name]


def test_concurrent_saves_of_a_picture_with_a_lost_file_store_it_once(
    ana: User, empty_storage: None
) -> None:
    crow = sanitize(image_file("gray", (40, 30)))
    Image.objects.bookmark(ana, crow, title="A crow")
    lose_files()
    assert all(at_once([lambda: bool(Image.objects.bookmark(ana, crow, title=uuid4().hex))] * 12))
    assert len(stored_names()) == 1 + len(["320w", "480w_jpeg", "thumbnail", "thumbnail_jpeg"])


def test_deleting_the_last_two_images_at_once_leaves_an_unused_file(
    ana: User, crow: SanitizedImage
) -> None:
    images = [Image.objects.bookmark(ana, crow, title=title) for title in ("One", "Two")]
    first, second = images
    assert all(at_once([lambda: bool(first.delete()), lambda: bool(second.delete())]))
    assert ImageFile.objects.get().unused_since
