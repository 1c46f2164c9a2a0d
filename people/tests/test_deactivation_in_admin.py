"""Staff deactivate and reactivate people, in requests of limited length."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from people import counts
from people.models import Contact, Profile
from testing.people import create_users
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db(transaction=True)
USERS = "/admin/auth/user/"


@pytest.fixture
def people(ana: User, ben: User, monkeypatch: pytest.MonkeyPatch) -> list[User]:
    """Ana and Ben, who follow seven others each and are followed by them."""
    monkeypatch.setattr(counts, "BATCH", 2)
    for other in create_users(7):
        for person in (ana, ben):
            Contact.objects.follow(person, other)
            Contact.objects.follow(other, person)
    return [ana, ben]


def act(client: Client, action: str, people: list[User]) -> str:
    data = {"action": action, "_selected_action": [person.pk for person in people]}
    response = client.post(USERS, data, follow=True)
    assert response.status_code == 200
    return response.text


def untick_active(client: Client, people: list[User]) -> None:
    data = {"date_joined_0": "2026-11-22", "date_joined_1": "12:00"}
    for person in people:
        changed = data | {"username": person.username}
        assert client.post(f"{USERS}{person.pk}/change/", changed).status_code == 302


def are_active(people: list[User]) -> set[bool]:
    return {User.objects.get(pk=person.pk).is_active for person in people}


def test_actions_deactivate_and_reactivate_the_selected_people(
    admin_client: Client, people: list[User]
) -> None:
    before = stored_counts()
    assert "2 people were deactivated" in act(admin_client, "deactivate", people)
    assert are_active(people) == {False}
    assert stored_counts() == expected_counts() != before
    assert "2 people were reactivated" in act(admin_client, "reactivate", people)
    assert are_active(people) == {True}
    assert stored_counts() == before


def test_actions_are_in_the_history_of_each_person(
    admin_client: Client, people: list[User]
) -> None:
    act(admin_client, "deactivate", people)
    assert LogEntry.objects.count() == 2
    assert "Deactivated" in admin_client.get(f"{USERS}{people[0].pk}/history/").text


def test_people_who_are_inactive_already_are_not_counted(
    admin_client: Client, people: list[User]
) -> None:
    act(admin_client, "deactivate", people[:1])
    assert "1 person was deactivated" in act(admin_client, "deactivate", people)
    assert LogEntry.objects.count() == 2


def test_staff_who_may_not_change_people_may_not_deactivate_them(
    client: Client, people: list[User], cleo: User
) -> None:
    cleo.is_staff = True
    cleo.save()
    cleo.user_permissions.add(Permission.objects.get(codename="view_user"))
    client.force_login(cleo)
    act(client, "deactivate", people)
    assert are_active(people) == {True}


def test_people_who_are_reactivated_are_no_longer_to_be_deleted(
    admin_client: Client, people: list[User]
) -> None:
    act(admin_client, "deactivate", people)
    Profile.objects.filter(user=people[0]).update(deletion_began=timezone.now())
    act(admin_client, "reactivate", people)
    assert not Profile.objects.filter(deletion_began__isnull=False).exists()


@pytest.mark.parametrize(
    "deactivate", [lambda client, people: act(client, "deactivate", people), untick_active]
)
def test_a_request_without_time_for_the_counts_leaves_them_to_prune(
    admin_client: Client,
    people: list[User],
    monkeypatch: pytest.MonkeyPatch,
    deactivate: Callable[[Client, list[User]], object],
) -> None:
    before = stored_counts()
    monkeypatch.setattr(counts, "SECONDS_IN_REQUEST", 0)
    deactivate(admin_client, people)
    assert are_active(people) == {False}
    assert stored_counts() == before
    call_command("prune")
    assert stored_counts() == expected_counts() != before
