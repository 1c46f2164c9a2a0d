"""An audit finds stored counts that are wrong, and corrects them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from images.models import Image, ImageCount, Like
from people.deactivation import deactivate
from people.models import Contact, Profile
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]


@pytest.fixture(autouse=True)
def image(empty_storage: None, ana: User, ben: User, cleo: User, bookmark: Bookmark) -> Image:
    """An image that two people like. Everyone follows the two others."""
    image = bookmark(ana, title="A bird")
    for person in (ben, cleo):
        image.like(person)
    for one in (ana, ben, cleo):
        for other in {ana, ben, cleo} - {one}:
            Contact.objects.follow(one, other)
    return image


def follow_in_bulk() -> None:
    dora = User.objects.create_user("dora")
    ana = User.objects.get(username="ana")
    Contact._base_manager.bulk_create([Contact(user_from=dora, user_to=ana)])


def like_in_bulk() -> None:
    dora = User.objects.create_user("dora")
    Like._base_manager.bulk_create([Like(user=dora, image=Image.objects.get())])


def save_in_bulk() -> None:
    image = Image.objects.get()
    image.pk, image.title, image.user = None, "Another bird", User.objects.get(username="ben")
    Image.objects.bulk_create([image])


def deactivate_with_update() -> None:
    User.objects.filter(username="ben").update(is_active=False)


def reactivate_with_update() -> None:
    deactivate([User.objects.get(username="ben")])
    User.objects.filter(username="ben").update(is_active=True)


def delete_with_sql() -> None:
    Like.objects.all()._raw_delete("default")
    Contact.objects.filter(user_from__username="ana")._raw_delete("default")


FAULTS: list[tuple[Callable[[], object], list[str]]] = [
    (deactivate_with_update, ["follower_count", "following_count", "like_count"]),
    (reactivate_with_update, ["follower_count", "following_count", "like_count"]),
    (lambda: Image.objects.update(like_count=7), ["like_count"]),
    (lambda: Profile.objects.update(follower_count=7), ["follower_count"]),
    (lambda: Profile.objects.update(following_count=0), ["following_count"]),
    (lambda: ImageCount.objects.update(count=7), ["wrong image counts"]),
    (lambda: ImageCount.objects.all().delete(), ["wrong image counts"]),
    (follow_in_bulk, ["follower_count", "following_count"]),
    (like_in_bulk, ["like_count"]),
    (save_in_bulk, ["wrong image counts"]),
    (delete_with_sql, ["like_count", "follower_count", "following_count"]),
]


@pytest.mark.parametrize(("damage", "names"), FAULTS)
def test_an_audit_finds_wrong_counts_and_fixes_them(
    damage: Callable[[], object], names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    damage()
    with pytest.raises(CommandError):
        call_command("audit")
    output = capsys.readouterr().out
    assert all(name in output for name in names)
    call_command("audit", "--fix")
    assert stored_counts() == expected_counts()
    call_command("audit")


def test_an_audit_changes_no_count_without_being_told() -> None:
    Profile.objects.update(follower_count=7)
    with pytest.raises(CommandError):
        call_command("audit")
    assert {row[0] for row in list(stored_counts().values())[:3]} == {7}
