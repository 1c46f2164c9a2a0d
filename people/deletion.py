"""The deletion of people, in short transactions. It may be interrupted and run again."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from people.models import Profile
from stream.record import lock_keys

# Rows that one transaction deletes.
BATCH = 500

# Takes the ids of people, and returns rows that are deleted with them.
type Rows = Callable[[Collection[int]], QuerySet[Any]]

_rows: list[Rows] = []


def register(*rows: Rows) -> None:
    """Let these rows be deleted with a person, before those that lower apps have registered.

    Call this in `ready()` of the app's configuration. No row is in the results of two functions.
    """
    _rows[:0] = rows


def rows_of(people: Collection[int]) -> list[QuerySet[Any]]:
    """Return what is deleted with people, in this order."""
    return [rows(people) for rows in _rows]


def delete_people(people: Iterable[User]) -> None:
    """Delete people and all they did. If it is interrupted, `audit` names those who are left."""
    keys = [person.pk for person in people]
    for key in keys:
        _begin(key)
    for key in keys:
        finish(key)


def finish(key: int) -> bool:
    """Delete a deactivated person in batches; False if they are gone or active again."""
    for rows in _rows:
        while _delete_batch(key, rows):
            pass
    return _delete_user(key)


@transaction.atomic
def _begin(key: int) -> None:
    """Deactivate a person, and mark that they are to be deleted."""
    if person := lock_keys(User, [key]).get(key):
        # This also makes the profile of a user who has none.
        person.is_active = False
        person.save(update_fields=["is_active"])
        Profile.objects.filter(user=person).update(deletion_began=timezone.now())


@transaction.atomic
def _delete_batch(key: int, rows: Rows) -> bool:
    """Delete some rows of a person. Return whether there were any."""
    return _locked(key) is not None and delete_batch(rows([key]))


@transaction.atomic
def delete_batch(rows: QuerySet[Any]) -> bool:
    """Delete up to `BATCH` rows. Return whether there were any."""
    batch = list(rows.order_by().values_list("pk", flat=True)[:BATCH])
    rows.model._default_manager.filter(pk__in=batch).delete()
    return bool(batch)


@transaction.atomic
def _delete_user(key: int) -> bool:
    # Because of the lock, a concurrent action of the person is either deleted too or refused.
    person = _locked(key)
    return bool(person and person.delete())


def _locked(key: int) -> User | None:
    """Lock a person, unless they are gone or were reactivated."""
    person = lock_keys(User, [key]).get(key)
    return person if person and not person.is_active else None
