"""Deactivated people and all they did are hidden at once. Counts follow in batches."""

from collections.abc import Iterable
from math import inf

from django.contrib.auth.models import User
from django.db import transaction

from people.counts import settle
from people.models import Profile
from stream.record import lock_keys


def deactivate(people: Iterable[User], deadline: float = inf) -> None:
    """Hide people, then take them out of the counts of others."""
    _set_active(people, deadline, is_active=False)


def reactivate(people: Iterable[User], deadline: float = inf) -> None:
    """Undo `deactivate`."""
    _set_active(people, deadline, is_active=True)


def _set_active(people: Iterable[User], deadline: float, *, is_active: bool) -> None:
    with transaction.atomic():
        locked = lock_keys(User, [person.pk for person in people])
        User.objects.filter(pk__in=locked).update(is_active=is_active)
        # The deletion of a person who was active has been called off.
        kept = [key for key, person in locked.items() if is_active or person.is_active]
        Profile.objects.cancel_deletions(kept)
    for person in locked.values():
        settle(person, deadline)
