"""Models whose rows are counted, and models that store such counts."""

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models, transaction

from people.counts import counts_of, lock_owners
from stream.keyset import KeysetQuerySet


class CountedRows[Row: models.Model](KeysetQuerySet[Row]):
    """Rows that are counted although many are added at once, for example by `likes.add()`."""

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        counts = counts_of(self.model)
        people = {count.person_of(row) for count in counts for row in rows}
        active = User.objects.filter(is_active=True).in_bulk(people)
        for count, row in product(counts, rows):
            setattr(row, count.flag, count.person_of(row) in active)
        created = super().bulk_create(rows, *args, **kwargs)
        batches = [(count, {count.owner_of(row) for row in rows}) for count in counts]
        lock_owners(batches)
        for count, owners in batches:
            # Some of the rows may have existed.
            count.recount_owners(owners)
        return created


class CountedRow(models.Model):
    """A row that is counted from its first save to its deletion."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        for count in counts_of(type(self)) if is_new else ():
            setattr(self, count.flag, getattr(self, count.person).is_active)
        super().save(*args, **kwargs)
        if is_new:
            self._add_to_counts(1)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._add_to_counts(-1)
        return super().delete(*args, **kwargs)

    def _add_to_counts(self, step: int) -> None:
        # Owners are written in the order of their ids.
        for count in sorted(counts_of(type(self)), key=lambda count: count.owner_of(self)):
            count.add(self, step)


class CountedModel(models.Model):
    """A model with stored counts, which `save` leaves alone: they may be newer in the database."""

    stored_counts: ClassVar[Collection[str]]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None and not self._state.adding:
            left_out = {*self.stored_counts, *self.get_deferred_fields()}
            fields = [field for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [f.name for f in fields if f.attname not in left_out]
        super().save(*args, **kwargs)
