"""Stored counts of what active people do, such as the likes of an image.

Reading a stored count costs the same for every image. Counting likes would cost more, the more an
image has.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from stream.record import lock_keys

# Rows of each kind that one transaction corrects or deletes.
BATCH = 500
# `prune` corrects the counts for which a request had no time.
SECONDS_IN_REQUEST = 5


def number_of(rows: models.QuerySet[Any], field: str, of: str) -> Coalesce:
    """Return an expression: the number of `rows` whose `field` is `of` of the outer row."""
    matching = rows.filter(**{field: OuterRef(of)}).order_by().values(field)
    return Coalesce(Subquery(matching.values(number=Count("pk"))), 0)


@dataclass(frozen=True)
class StoredCount:
    """How many rows of active people are about each owner, stored in a field of the owner.

    Every row has a flag that says whether it is in the count. So the count is exact at any time,
    also while the rows of a person who was deactivated are taken out of it in batches.
    """

    # The rows, and their fields: the flag, the person, and the owner that the count is about.
    rows: type[models.Model]
    flag: str
    person: str
    owner: str
    # The label of the model that stores the count, its field that the rows' `owner` holds, and the
    # count.
    store: str
    key: str
    field: str

    @property
    def owners(self) -> type[models.Model]:
        return apps.get_model(self.store)

    def add(self, row: models.Model, step: int) -> None:
        """Add a new row to its owner's count, or take out a row that is about to be deleted.

        The step is 1 or -1. A row without the flag is not in the count.
        """
        if getattr(row, self.flag):
            self._add([self.owner_of(row)], step)

    def person_of(self, row: models.Model) -> int:
        """Return the id of the person whose row it is."""
        return int(getattr(row, f"{self.person}_id"))

    def owner_of(self, row: models.Model) -> int:
        """Return the value of the owner's `key`."""
        return int(getattr(row, f"{self.owner}_id"))

    def subtract(self, rows: models.QuerySet[Any]) -> None:
        """Take rows out of the counts of their owners, before they are deleted."""
        counted = rows.filter(**{self.flag: True}).order_by().values_list(self.owner)
        for owner, number in counted.annotate(number=Count("pk")).order_by(self.owner):
            self._add([owner], -number)

    def rows_to_flag(self, person: User, *, is_counted: bool) -> dict[int, int]:
        """Return up to `BATCH` rows of a person whose flag differs, with the owner of each."""
        rows = self.rows._default_manager.filter(**{self.person: person, self.flag: not is_counted})
        return dict(rows.order_by("pk").values_list("pk", self.owner)[:BATCH])

    def set_flag(self, rows: dict[int, int], *, is_counted: bool) -> None:
        """Set the flag of rows of one person, who has at most one for each owner."""
        self._add(rows.values(), 1 if is_counted else -1)
        self.rows._default_manager.filter(pk__in=rows).update(**{self.flag: is_counted})

    def people_to_settle(self) -> models.QuerySet[User]:
        """Return the people with rows whose flag is wrong, for example those made in bulk."""
        wrong = self.rows._default_manager.exclude(**{self.flag: F(f"{self.person}__is_active")})
        return User.objects.filter(pk__in=wrong.values(self.person)).order_by("pk")

    @transaction.atomic
    def recount(self, owner: models.Model) -> bool:
        """Store the number of the owner's rows; False if the owner is gone."""
        lock_keys(self.owners, [owner.pk])
        same = self.owners._default_manager.filter(pk=owner.pk)
        return bool(same.update(**{self.field: self._counted()}))

    def recount_owners(self, owners: Collection[int]) -> None:
        """Store the number of rows of some owners, which are locked."""
        self._owners(owners).update(**{self.field: self._counted()})

    def recount_all(self) -> None:
        """Store the number of rows of all owners, for use while no one else writes."""
        self.owners._default_manager.update(**{self.field: self._counted()})

    def _counted(self) -> Coalesce:
        counted = self.rows._default_manager.filter(**{self.flag: True})
        return number_of(counted, self.owner, of=self.key)

    def _owners(self, owners: Iterable[int]) -> models.QuerySet[Any]:
        return self.owners._default_manager.filter(**{f"{self.key}__in": owners})

    def _add(self, owners: Iterable[int], step: int) -> None:
        # A count that is wrong, until `audit` fixes it, must not stop anyone.
        self._owners(owners).update(**{self.field: Greatest(F(self.field) + step, 0)})


STORED_COUNTS: list[StoredCount] = []


def counts_of(model: type[models.Model]) -> list[StoredCount]:
    """Return the counts of the rows of a model."""
    return [count for count in STORED_COUNTS if count.rows is model]


def deadline_of_request() -> float:
    """Return the time at which a request stops correcting counts."""
    return monotonic() + SECONDS_IN_REQUEST


def settle(person: User, deadline: float = inf) -> bool:
    """Correct the counts after a person was deactivated or reactivated; False if they are gone.

    Each batch has its own transaction, so this may be interrupted and run again. Inside a
    transaction, the batches after the first run after the commit. What is not done at the deadline
    is left to `settle_all`.
    """
    while monotonic() < deadline:
        with transaction.atomic():
            locked = lock_keys(User, [person.pk]).get(person.pk)
            if locked is None:
                return False
            is_complete = _settle_batch(person, is_counted=locked.is_active)
        if is_complete:
            return True
        if connection.in_atomic_block:
            transaction.on_commit(partial(settle, person, deadline))
            return True
    return True


def settle_all() -> None:
    """Make the counts right for everyone."""
    for count in STORED_COUNTS:
        for person in count.people_to_settle():
            settle(person)


@transaction.atomic
def uncount(person: User) -> None:
    """Take everything that a person did out of the counts, before the person is deleted."""
    lock_keys(User, [person.pk])
    while not _settle_batch(person, is_counted=False):
        pass


def _settle_batch(person: User, *, is_counted: bool) -> bool:
    """Correct a batch of the rows of each count. Return whether it was the last."""
    batches = [(c, c.rows_to_flag(person, is_counted=is_counted)) for c in STORED_COUNTS]
    lock_owners((count, rows.values()) for count, rows in batches)
    for count, rows in batches:
        count.set_flag(rows, is_counted=is_counted)
    return all(len(rows) < BATCH for _, rows in batches)


def lock_owners(batches: Iterable[tuple[StoredCount, Collection[int]]]) -> None:
    """Lock the owners of several counts by their keys, always in the same order."""
    owners: dict[tuple[str, str], set[int]] = {}
    for count, keys in batches:
        owners.setdefault((count.store, count.key), set()).update(keys)
    # Sorted by label, images come before profiles. All verbs keep this order.
    for store, key in sorted(owners):
        lock_keys(apps.get_model(store), owners[store, key], key)
