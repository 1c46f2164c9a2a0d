"""The staff delete images in the list of the admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from testing.people import create_users
from testing.waiting import second_waits

MANY = 1500


@pytest.mark.django_db
def test_more_than_a_thousand_images_can_be_deleted_at_once(
    ana: User, admin_client: Client
) -> None:
    Image.objects.bulk_create(
        Image(user=ana, title="Spam", slug="spam", image=f"images/{n}.jpg", width=1, height=1)
        for n in range(MANY)
    )
    chosen = [str(pk) for pk in Image.objects.values_list("pk", flat=True)]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    response = admin_client.post("/admin/images/image/", data)
    assert response.status_code == 302
    assert not Image.objects.exists()


@pytest.mark.django_db
def test_the_question_before_a_deletion_has_numbers_and_costs_the_same_for_the_famous(
    ana: User, bookmark: Callable[..., Image], admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.deletion_questions.MOST", 5)
    path = f"/admin/images/image/{bookmark(ana, 'A bird').pk}/delete/"
    image = Image.objects.get()
    people = create_users(8)
    for person in people[:2]:
        image.like(person)
    html = admin_client.get(path).text
    # One action more is about saving the image.
    assert all(text in html for text in ("A bird", "Likes: 2", "Actions: 3"))
    with CaptureQueriesContext(connection) as before:
        admin_client.get(path)
    for person in people[2:]:
        image.like(person)
    with CaptureQueriesContext(connection) as after:
        html = admin_client.get(path).text
    assert all(text in html for text in ("Likes: 5+", "Actions: 5+"))
    assert "person07" not in html
    assert len(after) == len(before)


@pytest.mark.django_db
def test_staff_may_only_delete_images_whose_actions_they_may_delete(
    ana: User, bookmark: Callable[..., Image], sign_in: Callable[[User], Client]
) -> None:
    boss = User.objects.create_user("boss", is_staff=True)
    boss.user_permissions.add(Permission.objects.get(codename="delete_image"))
    path = f"/admin/images/image/{bookmark(ana).pk}/delete/"
    assert sign_in(boss).post(path, {"post": "yes"}).status_code == 403
    boss.user_permissions.add(Permission.objects.get(codename="delete_action"))
    assert sign_in(boss).post(path, {"post": "yes"}).status_code == 302
    assert not Image.objects.exists()


# SQLite has one writer at a time.
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deleting_many_waits_for_a_like(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    assert second_waits(
        lambda: image.like(ben), Image.objects.all().delete, pause='INSERT INTO "images_like"'
    )
    assert not Image.objects.exists()
