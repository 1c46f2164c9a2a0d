"""Models whose rows are counted, and models that store such counts."""

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models, transaction

from people.counts import counts_of, lock_owners
from stream.keyset import KeysetQuerySet
from stream.record import lock_keys


class CountedQuerySet[Row: models.Model](KeysetQuerySet[Row]):
    """Rows that are counted even if many are added at once, for example by `likes.add()`."""

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        _set_flags(rows, _lock_people_and_owners(rows))
        created = super().bulk_create(rows, *args, **kwargs)
        for count in counts_of(self.model):
            # Some of the rows may have existed.
            count.recount_owners({count.owner_of(row) for row in rows})
        return created

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        # What is counted is read again after this, because rows may have gone meanwhile.
        _lock_people_and_owners(list(self.order_by()))
        for count in counts_of(self.model):
            count.subtract(self)
        return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


class CountedRow(models.Model):
    """A row that is counted from its first save to its deletion."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        if self._state.adding:
            self.save_locked(*_lock_people_and_owners([self]), **kwargs)
        else:
            self._refuse_other_owners()
            _leave_out(self, {count.flag for count in counts_of(type(self))}, kwargs)
            super().save(**kwargs)

    def save_locked(self, *people: User, **kwargs: Any) -> None:
        """Save a new row for a caller that has locked these people, whose row it is."""
        _set_flags([self], people)
        super().save(**kwargs)
        self._add_to_counts(1)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        return type(self)._default_manager.filter(pk=self.pk).delete()

    def delete_locked(self) -> None:
        """Delete a row for a caller that has locked its people, and has read it since."""
        self._add_to_counts(-1)
        super().delete()

    def _add_to_counts(self, step: int) -> None:
        # Owners are written in the order of their ids.
        for count in sorted(counts_of(type(self)), key=lambda count: count.owner_of(self)):
            count.add(self, step)

    def _refuse_other_owners(self) -> None:
        """ValueError if the row is about to move to another person or owner, or is gone."""
        fields = {name for count in counts_of(type(self)) for name in (count.person, count.owner)}
        same = {name: getattr(self, f"{name}_id") for name in fields}
        if not type(self)._default_manager.filter(pk=self.pk, **same).exists():
            raise ValueError(f"{self!r} was changed or deleted. Delete it, and make another one.")


class CountOwner(models.Model):
    """A model that stores counts of other rows."""

    # `save` leaves these columns alone: a form that was loaded earlier has old values.
    kept_by_save: ClassVar[Collection[str]]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _leave_out(self, self.kept_by_save, kwargs)
        super().save(*args, **kwargs)


def _leave_out(row: models.Model, columns: Collection[str], kwargs: dict[str, Any]) -> None:
    """Let `save` leave columns alone, unless its arguments name the fields to save."""
    if kwargs.get("update_fields") is None:
        left_out = {*columns, *row.get_deferred_fields()}
        fields = [field for field in row._meta.concrete_fields if not field.primary_key]
        kwargs["update_fields"] = [f.name for f in fields if f.attname not in left_out]


def _lock_people_and_owners(rows: Collection[models.Model]) -> Collection[User]:
    """Lock whose rows these are, then what counts them. Return the people as they are now."""
    counts = counts_of(type(next(iter(rows)))) if rows else []
    people = lock_keys(User, {count.person_of(row) for count, row in product(counts, rows)})
    lock_owners([(count, {count.owner_of(row) for row in rows}) for count in counts])
    return people.values()


def _set_flags(rows: Collection[models.Model], people: Iterable[User]) -> None:
    """Count new rows if they are of active people."""
    active = {person.pk for person in people if person.is_active}
    for row in rows:
        for count in counts_of(type(row)):
            setattr(row, count.flag, count.person_of(row) in active)
