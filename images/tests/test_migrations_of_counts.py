"""The migrations count existing rows, and the previous version can still write afterwards."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from images.models import Image
from people.deactivation import reactivate
from people.models import Contact
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
FOLLOW = "INSERT INTO people_contact (user_from_id, user_to_id, created) VALUES (%s, %s, %s)"
LIKE = "INSERT INTO images_like (user_id, image_id) VALUES (%s, %s)"
SAVE = """
    INSERT INTO images_image (user_id, title, slug, url, file_id, image, width, height, is_animated,
        description, created)
    SELECT %s, %s, slug, url, file_id, image, width, height, is_animated, description, created
    FROM images_image WHERE id = %s
"""
PROFILE = "INSERT INTO people_profile (user_id, username_skeleton, photo) VALUES (%s, %s, '')"
DELETE_USER = [
    "DELETE FROM people_contact WHERE user_from_id = {0} OR user_to_id = {0}",
    "DELETE FROM images_like WHERE user_id = {0}",
    "DELETE FROM stream_action WHERE user_id = {0}",
    "DELETE FROM images_image WHERE user_id = {0}",
    "DELETE FROM people_profile WHERE user_id = {0}",
    "DELETE FROM auth_user WHERE id = {0}",
]


@pytest.fixture
def image(ana: User, ben: User, cleo: User, bookmark: Bookmark) -> Image:
    """An image that Ben and Cleo like. Ana and Ben follow each other, and both follow Cleo."""
    image = bookmark(ana, title="A bird")
    for user in (ben, cleo):
        image.like(user)
    for pair in ((ana, ben), (ben, ana), (ana, cleo), (ben, cleo)):
        Contact.objects.follow(*pair)
    return image


@pytest.fixture
def before_counts(image: Image) -> Iterator[None]:
    call_command("migrate", "images", "0005", verbosity=0)
    call_command("migrate", "people", "0001", verbosity=0)
    yield
    call_command("migrate", verbosity=0)


def write(image: Image, ana: User, ben: User, cleo: User) -> None:
    """Follow, like and save as the previous version does."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [cleo.pk, ana.pk, image.created])
        cursor.execute(LIKE, [ana.pk, image.pk])
        cursor.execute(SAVE, [ben.pk, "Another bird", image.pk])


def test_existing_rows_are_counted(
    before_counts: None, image: Image, ana: User, ben: User, cleo: User
) -> None:
    write(image, ana, ben, cleo)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    call_command("migrate", verbosity=0)
    expected = {"ana": (1, 1, 1), "ben": (1, 1, 1), "cleo": (2, 1, 0)}
    assert stored_counts() == expected | {"A bird": (2,), "Another bird": (0,)}
    assert stored_counts() == expected_counts()
    call_command("audit")


def test_rows_of_people_who_were_inactive_are_counted_when_they_return(
    before_counts: None, cleo: User
) -> None:
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    call_command("migrate", verbosity=0)
    reactivate([User.objects.get(pk=cleo.pk)])
    assert stored_counts()["A bird"] == (2,)
    assert stored_counts() == expected_counts()


def test_the_previous_version_can_still_write_and_an_audit_counts_it(
    image: Image, ana: User, ben: User, cleo: User
) -> None:
    write(image, ana, ben, cleo)
    dora = User.objects.bulk_create([User(username="dora")])[0]
    with connection.cursor() as cursor:
        cursor.execute(PROFILE, [dora.pk, "dora"])
    assert stored_counts() != expected_counts()
    call_command("audit", "--fix")
    assert stored_counts() == expected_counts()


def test_the_previous_version_can_still_delete_people(image: Image, ben: User) -> None:
    Image.objects.bookmark(ben, image.file, title="Another bird")  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        for statement in DELETE_USER:
            cursor.execute(statement.format(ben.pk))
    assert not User.objects.filter(pk=ben.pk).exists()
    call_command("audit", "--fix")
    assert stored_counts() == expected_counts()
