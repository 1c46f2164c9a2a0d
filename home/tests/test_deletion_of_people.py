"""People are deleted in the admin, in short transactions, with all they did."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.files import ImageFile
from images.models import Image, Like
from people import deletion
from people.deletion import delete_people
from people.models import Contact
from testing.deletion import assert_only_ben_and_cleo_are_left
from testing.people import create_users

pytestmark = pytest.mark.django_db(transaction=True)
CONFIRMED = {"post": "yes"}


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


def test_a_user_without_a_profile_can_be_deleted(admin_client: Client) -> None:
    User.objects.bulk_create([User(username="dora")])
    dora = User.objects.get(username="dora")
    admin_client.post(f"/admin/auth/user/{dora.pk}/delete/", CONFIRMED)
    assert not User.objects.filter(username="dora").exists()


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
