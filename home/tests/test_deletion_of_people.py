"""People are deleted in the admin, in short transactions, with all they did."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.files import ImageFile
from images.models import Image, ImageCount, Like
from people import deletion
from people.deletion import delete_people, finish
from people.models import Contact, Profile
from stream.models import Action
from testing.people import create_users

pytestmark = pytest.mark.django_db(transaction=True)
type Bookmark = Callable[..., Image]
CONFIRMED = {"post": "yes"}


@pytest.fixture
def town(ana: User, ben: User, cleo: User, bookmark: Bookmark) -> list[Image]:
    """Let everyone follow Ana and each other, and like all images. Return the images."""
    images = [bookmark(ana, f"Mine {colour}", colour) for colour in ("teal", "navy", "gold")]
    images.append(bookmark(ben, "Ben's"))
    people = [ana, ben, cleo]
    for one in people:
        for other in people:
            if one != other:
                Contact.objects.follow(one, other)
        for image in images:
            image.like(one)
    return images


def counts_of(person: User) -> tuple[int, int]:
    profile = Profile.objects.get(user=person)
    return profile.follower_count, profile.following_count


def assert_only_ben_and_cleo_are_left(ben: User, cleo: User) -> None:
    assert not User.objects.filter(username="ana").exists()
    assert Contact.objects.count() == 2
    assert counts_of(ben) == counts_of(cleo) == (1, 1)
    image = Image.objects.get()
    assert Like.objects.count() == image.like_count == 2
    assert {action.target for action in Action.objects.all()} == {ben, cleo, image}
    assert ImageCount.objects.get(user=ben).count == 1
    assert ImageFile.objects.filter(unused_since=None).count() == 1
    call_command("audit")


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_deleting_a_person_deletes_all_they_did_and_corrects_counts(
    admin_client: Client,
    town: list[Image],
    ana: User,
    ben: User,
    cleo: User,
    batch: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deletion, "BATCH", batch)
    response = admin_client.post(f"/admin/auth/user/{ana.pk}/delete/", CONFIRMED)
    assert response.status_code == 302
    User.objects.get(username="admin").delete()
    assert_only_ben_and_cleo_are_left(ben, cleo)


def test_several_people_are_deleted_at_once(
    admin_client: Client, town: list[Image], ana: User, ben: User, cleo: User
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [ana.pk, ben.pk]}
    assert "Contacts: 6" in admin_client.post("/admin/auth/user/", chosen).text
    admin_client.post("/admin/auth/user/", chosen | CONFIRMED)
    assert {user.username for user in User.objects.all()} == {"admin", "cleo"}
    assert not any(model.objects.exists() for model in (Image, Contact, Like))


def test_no_transaction_deletes_more_than_a_batch(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "BATCH", 4)
    for person in create_users(10):
        Contact.objects.follow(person, ana)
    batches = numbers_during(lambda: delete_people([ana]), "people_contact")
    # The last one belongs to the deletion of the user, and finds no row any more.
    assert batches == [4, 4, 2, 1]


def numbers_during(call: Callable[[], object], table: str) -> list[int]:
    """Return how many rows of a table each of the deletions in a call names."""
    with CaptureQueriesContext(connection) as queries:
        call()
    deletions = [q["sql"] for q in queries if q["sql"].startswith(f'DELETE FROM "{table}"')]
    return [sql.count(",") + 1 for sql in deletions]


@pytest.fixture
def interrupted(
    town: list[Image], ana: User, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], None]:
    """Return a function that starts to delete Ana, and stops after some batches."""
    monkeypatch.setattr(deletion, "BATCH", 1)

    def interrupted(batches: int) -> None:
        delete, calls = deletion._delete_batch, iter(range(batches))

        def stopping(*args: Any) -> bool:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            return delete(*args)

        with monkeypatch.context() as patch:
            patch.setattr(deletion, "_delete_batch", stopping)
            with pytest.raises(KeyboardInterrupt):
                delete_people([ana])

    return interrupted


@pytest.mark.parametrize("batches", [0, 1, 6, 12, 18])
def test_an_interrupted_deletion_is_named_and_finished_by_the_audit(
    interrupted: Callable[[int], None],
    ana: User,
    ben: User,
    cleo: User,
    batches: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    interrupted(batches)
    with pytest.raises(CommandError):
        call_command("audit")
    output = capsys.readouterr().out
    assert f"unfinished deletions: user {ana.pk}" in output
    assert re.findall(r"(\w[\w ]+?)  +[1-9]", output) == ["unfinished deletions"]
    call_command("audit", "--fix")
    assert_only_ben_and_cleo_are_left(ben, cleo)


def test_an_interrupted_deletion_can_be_repeated(
    interrupted: Callable[[int], None], ana: User, ben: User, cleo: User
) -> None:
    interrupted(7)
    delete_people([ana])
    assert_only_ben_and_cleo_are_left(ben, cleo)


def test_a_person_who_was_reactivated_is_not_deleted(
    interrupted: Callable[[int], None], ana: User
) -> None:
    interrupted(2)
    Profile.objects.get(user=ana).reactivate()
    assert not finish(ana.pk)
    call_command("audit", "--fix")
    # Even if they are deactivated later.
    Profile.objects.get(user=ana).deactivate()
    call_command("audit", "--fix")
    assert User.objects.filter(username="ana").exists()


def test_a_form_that_was_opened_before_keeps_the_mark_of_a_deletion(
    interrupted: Callable[[int], None], ana: User
) -> None:
    profile = Profile.objects.get(user=ana)
    interrupted(2)
    profile.save()
    assert Profile.objects.get(user=ana).deletion_began


def test_a_user_without_a_profile_can_be_deleted(admin_client: Client) -> None:
    User.objects.bulk_create([User(username="dora")])
    dora = User.objects.get(username="dora")
    admin_client.post(f"/admin/auth/user/{dora.pk}/delete/", CONFIRMED)
    assert not User.objects.filter(username="dora").exists()


def test_the_question_says_how_much_is_deleted(
    admin_client: Client, town: list[Image], ana: User
) -> None:
    summary = admin_client.get(f"/admin/auth/user/{ana.pk}/delete/").text
    found = dict(re.findall(r"<li>(\w+): ([\d,+]+)</li>", summary))
    # Three likes of each of her images, and one of Ben's.
    expected = {"Users": "1", "Images": "3", "Likes": "10", "Contacts": "4"}
    assert found.items() >= expected.items()
    by_ana = Action.objects.filter(user=ana).count()
    assert int(found["Actions"]) == by_ana + 2 + 3 * 2


def test_the_question_costs_the_same_for_the_famous(
    admin_client: Client, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.deletion_questions.MOST", 5)
    path = f"/admin/auth/user/{ana.pk}/delete/"
    admin_client.get(path)
    with CaptureQueriesContext(connection) as before:
        admin_client.get(path)
    for person in create_users(8):
        Contact.objects.follow(person, ana)
    with CaptureQueriesContext(connection) as after:
        html = admin_client.get(path).text
    assert "Contacts: 5+" in html
    assert "person07" not in html
    assert len(after) == len(before)


def test_staff_may_only_delete_people_whose_images_they_may_delete(
    town: list[Image], ana: User, sign_in: Callable[[User], Client]
) -> None:
    boss = User.objects.create_user("boss", is_staff=True)
    names = ["view_user", "delete_user", "delete_contact", "delete_action", "delete_profile"]
    boss.user_permissions.set(Permission.objects.filter(codename__in=names))
    path = f"/admin/auth/user/{ana.pk}/delete/"
    assert sign_in(boss).post(path, CONFIRMED).status_code == 403
    boss.user_permissions.add(Permission.objects.get(codename="delete_image"))
    assert sign_in(boss).post(path, CONFIRMED).status_code == 302
    assert not User.objects.filter(username="ana").exists()


def test_deleting_many_images_costs_less_than_a_query_each(ana: User) -> None:
    ImageFile.objects.bulk_create(
        ImageFile(image=f"images/{n}.jpg", digest=str(n), width=1, height=1) for n in range(200)
    )
    rows = {"user": ana, "title": "Spam", "slug": "spam", "width": 1, "height": 1}
    Image.objects.bulk_create(
        Image(**rows, file=file, image=file.image.name) for file in ImageFile.objects.all()
    )
    with CaptureQueriesContext(connection) as queries:
        delete_people([ana])
    assert not Image.objects.exists()
    assert ImageFile.objects.filter(unused_since__isnull=False).count() == 200
    assert len(queries) < 200
