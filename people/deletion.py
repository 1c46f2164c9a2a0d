"""The deletion of people, in short transactions. It may be interrupted and run again."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from people.counts import BATCH
from people.models import Profile
from stream.record import lock_keys

# Takes the ids of people, and returns rows that are deleted with them.
type Rows = Callable[[Collection[int]], QuerySet[Any]]

_rows: list[Rows] = []
_references: list[tuple[type[Model], str]] = []


def register(*rows: Rows) -> None:
    """Let these rows be deleted with a person, before those that lower apps have registered.

    Call this in `ready()` of the app's configuration. No row is in the results of two functions.
    """
    _rows[:0] = rows


def register_reference(model: type[Model], field: str) -> None:
    """Let rows outlive the person in a field that may be empty, which is indexed."""
    _references.append((model, field))


def rows_of(people: Collection[int]) -> list[QuerySet[Any]]:
    """Return what is deleted with people, in this order."""
    return [rows(people) for rows in _rows]


def delete_people(people: Iterable[User]) -> list[User]:
    """Delete people and all they did. Return those who were reactivated in the meantime.

    If it is interrupted, `audit` names those who are left.
    """
    keys = [person.pk for person in people]
    for key in keys:
        _begin(key)
    stopped = [key for key in keys if not finish(key)]
    # The others were deleted by someone else.
    return list(User.objects.filter(pk__in=stopped).order_by("pk"))


def finish(key: int) -> bool:
    """Delete a deactivated person in batches; False if they are gone or active again."""
    for rows in _rows:
        while _delete_batch(key, rows):
            pass
    for model, field in _references:
        while _clear_batch(key, model, field):
            pass
    return _delete_user(key)


@transaction.atomic
def call_off(key: int) -> bool:
    """Forget that the deletion of a person began; False if they are gone or not active."""
    person = lock_keys(User, [key]).get(key)
    is_called_off = person is not None and person.is_active
    if is_called_off:
        Profile.objects.cancel_deletions([key])
    return is_called_off


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
    batch, people = _batch(rows([key]))
    if _locked(key, people) is None:
        return False
    batch.delete()
    return bool(people)


@transaction.atomic
def delete_batch(rows: QuerySet[Any]) -> bool:
    """Delete up to `BATCH` rows. Return whether there were any."""
    batch, people = _batch(rows)
    lock_keys(User, people)
    batch.delete()
    return bool(people)


@transaction.atomic
def clear_batch(rows: QuerySet[Any], *fields: str) -> bool:
    """Empty fields of up to `BATCH` rows. Return whether there were any."""
    batch, people = _batch(rows)
    lock_keys(User, people)
    return batch.update(**dict.fromkeys(fields)) > 0


def _batch(rows: QuerySet[Any]) -> tuple[QuerySet[Any], set[int]]:
    """Return up to `BATCH` rows, and the people in them, who must be locked all at once."""
    users = [field.attname for field in rows.model._meta.fields if field.related_model is User]
    found = list(rows.order_by().values_list("pk", *users)[:BATCH])
    batch = rows.model._default_manager.filter(pk__in=[pk for pk, *_ in found])
    return batch, {user for _, *row in found for user in row if user is not None}


@transaction.atomic
def _clear_batch(key: int, model: type[Model], field: str) -> bool:
    """Empty a field of some rows that refer to a person. Return whether there were any."""
    if _locked(key) is None:
        return False
    rows = model._base_manager.order_by()
    batch = list(rows.filter(**{field: key}).values_list("pk", flat=True)[:BATCH])
    return rows.filter(pk__in=batch).update(**{field: None}) > 0


@transaction.atomic
def _delete_user(key: int) -> bool:
    # Because of the lock, a concurrent action of the person is either deleted too or refused.
    person = _locked(key)
    return bool(person and person.delete())


def _locked(key: int, others: Collection[int] = ()) -> User | None:
    """Lock a person and others. Return the person, unless they are gone or were reactivated."""
    person = lock_keys(User, {key, *others}).get(key)
    return person if person and not person.is_active else None
