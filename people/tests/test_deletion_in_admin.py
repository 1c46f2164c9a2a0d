"""Staff delete people, and learn of those who were reactivated in the meantime."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people import deletion
from people.deactivation import reactivate

pytestmark = pytest.mark.django_db(transaction=True)
USERS = "/admin/auth/user/"


@pytest.fixture
def _stopped(ana: User, ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ana be reactivated when her deletion has begun."""
    finish = deletion.finish

    def stopped(key: int) -> bool:
        if key == ana.pk:
            reactivate([ana])
        return finish(key)

    monkeypatch.setattr(deletion, "finish", stopped)


def delete_one(client: Client, people: list[User]) -> str:
    path = f"{USERS}{people[0].pk}/delete/"
    return client.post(path, {"post": "yes"}, follow=True).text


def delete_selected(client: Client, people: list[User]) -> str:
    data = {"action": "delete_selected", "_selected_action": [person.pk for person in people]}
    return client.post(USERS, data | {"post": "yes"}, follow=True).text


@pytest.mark.usefixtures("_stopped")
@pytest.mark.parametrize("delete", [delete_one, delete_selected])
def test_a_deletion_that_was_stopped_is_not_called_a_success(
    admin_client: Client, ana: User, ben: User, delete: Callable[[Client, list[User]], str]
) -> None:
    html = delete(admin_client, [ana, ben])
    assert "The deletion of ana was stopped" in html
    assert "uccessfully" not in html
    assert User.objects.get(pk=ana.pk).is_active


@pytest.mark.usefixtures("_stopped")
def test_the_others_who_were_selected_are_deleted(
    admin_client: Client, ana: User, ben: User
) -> None:
    html = delete_selected(admin_client, [ana, ben])
    assert "The deletion of ben" not in html
    assert not User.objects.filter(pk=ben.pk).exists()


@pytest.mark.parametrize("delete", [delete_one, delete_selected])
def test_a_deletion_that_was_completed_is_called_a_success(
    admin_client: Client, ana: User, delete: Callable[[Client, list[User]], str]
) -> None:
    assert "uccessfully" in delete(admin_client, [ana])
    assert not User.objects.filter(pk=ana.pk).exists()
