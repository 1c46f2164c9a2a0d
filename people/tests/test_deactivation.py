"""Deactivating a person hides them at once, and takes what they did out of the counts of others."""

from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from people import counts
from people.counts import StoredCount
from people.deactivation import deactivate, reactivate
from people.models import Contact, Profile
from people.wrong_counts import wrong_owners
from testing.people import create_users
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db(transaction=True)


class InterruptionError(Exception):
    pass


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "BATCH", 2)


@pytest.fixture
def followed(ana: User) -> list[User]:
    """Seven people whom Ana follows."""
    people = create_users(7)
    for person in people:
        Contact.objects.follow(ana, person)
        Contact.objects.follow(person, ana)
    return people


def interrupt(ana: User) -> None:
    """Deactivate Ana, and fail after two batches."""
    original, calls = StoredCount.set_flag, []

    def set_flag(self: StoredCount, rows: dict[int, int], *, is_counted: bool) -> None:
        calls.append(rows)
        if len(calls) > 2 * len(counts.STORED_COUNTS) + 1:
            raise InterruptionError
        original(self, rows, is_counted=is_counted)

    with patch.object(StoredCount, "set_flag", set_flag), pytest.raises(InterruptionError):
        deactivate([ana])


def follower_counts(people: list[User]) -> list[int]:
    profiles = Profile.objects.filter(user__in=people)
    return sorted(profiles.values_list("follower_count", flat=True))


def assert_counts_match_flags() -> None:
    """Assert that each count is the number of the rows with its flag."""
    assert not [owner for count in counts.STORED_COUNTS for owner in wrong_owners(count)]


def test_an_interrupted_deactivation_hides_the_person_and_leaves_exact_counts(
    ana: User, followed: list[User]
) -> None:
    interrupt(ana)
    assert not User.objects.get(pk=ana.pk).is_active
    assert not Profile.objects.active().filter(user=ana).exists()
    assert follower_counts(followed) == [0] * 4 + [1] * 3
    assert_counts_match_flags()


def test_deactivating_again_completes_an_interrupted_deactivation(
    ana: User, followed: list[User]
) -> None:
    interrupt(ana)
    deactivate([ana])
    assert stored_counts() == expected_counts()


def test_an_audit_completes_an_interrupted_deactivation(ana: User, followed: list[User]) -> None:
    interrupt(ana)
    with pytest.raises(CommandError):
        call_command("audit")
    call_command("audit", "--fix")
    assert stored_counts() == expected_counts()
    call_command("audit")


def test_reactivating_after_an_interrupted_deactivation_restores_all_counts(
    ana: User, followed: list[User]
) -> None:
    before = stored_counts()
    interrupt(ana)
    reactivate([ana])
    assert stored_counts() == before == expected_counts()


def test_unticking_active_in_the_admin_changes_counts_and_ticking_it_restores_them(
    ana: User, followed: list[User], admin_client: Client
) -> None:
    before = stored_counts()
    path = f"/admin/auth/user/{ana.pk}/change/"
    data = {"username": "ana", "first_name": "Ana", "last_name": "Silva"}
    joined = ana.date_joined
    data |= {"date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}"}
    assert admin_client.post(path, data).status_code == 302
    assert not User.objects.get(pk=ana.pk).is_active
    assert follower_counts(followed) == [0] * 7
    assert stored_counts() == expected_counts()
    assert admin_client.post(path, data | {"is_active": "on"}).status_code == 302
    assert stored_counts() == before


@pytest.mark.parametrize("fields", [None, ["is_active"]])
def test_saving_a_user_who_is_no_longer_active_changes_counts(
    ana: User, followed: list[User], fields: list[str] | None
) -> None:
    ana.is_active = False
    ana.save(update_fields=fields)
    assert follower_counts(followed) == [0] * 7
    assert stored_counts() == expected_counts()


def test_follows_by_and_of_inactive_people_are_counted_when_they_return(
    ana: User, ben: User, cleo: User
) -> None:
    deactivate([ana])
    # A press of a button may arrive just after that.
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(cleo, ana)
    assert stored_counts()["ben"] == stored_counts()["cleo"] == (0, 0, 0)
    reactivate([ana])
    assert stored_counts()["ben"] == (1, 0, 0)
    assert stored_counts()["cleo"] == (0, 1, 0)
