"""Before people are deleted, the admin says how much goes with them, and checks permissions."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people.models import Contact
from stream.models import Action
from testing.people import create_users

pytestmark = pytest.mark.django_db


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
    assert sign_in(boss).post(path, {"post": "yes"}).status_code == 403
    boss.user_permissions.add(Permission.objects.get(codename="delete_image"))
    assert sign_in(boss).post(path, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(username="ana").exists()
