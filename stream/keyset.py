"""Keyset pagination, newest first: a page starts below the last row of the previous page."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, cast

from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.db.models import Case, Q, Subquery, When
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.timezone import is_naive

# No database has larger keys.
MAX_KEY = 2**63 - 1


@dataclass(frozen=True)
class Page[Row]:
    """The rows of one page, and the cursor of the next page, which is empty on the last."""

    rows: Sequence[Row]
    next_cursor: str
    # The first rows of the next page.
    next_rows: Sequence[Row] = ()
    # The cursor above which the previous page is, which is empty on the first.
    previous_cursor: str = ""


class KeysetQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset with pages ordered by the fields in `keyset`, newest first."""

    keyset: tuple[str, ...] = ("created", "id")
    # The number of rows of the next page to load with a page.
    lookahead = 1

    def newest(self) -> Self:
        """Order the rows as in pages."""
        return self.order_by(*(f"-{name}" for name in self.keyset))

    def newest_of_each(self, field: str, keys: Collection[int], number: int) -> Self:
        """Keep the newest `number` rows for each of some keys in a field.

        With an index of that field and `keyset`, it reads no other rows.
        """
        key = object()
        rows = self.filter(**{field: RawSQL("%s", (key,))}).newest().values("pk")[:number]
        sql, params = rows.query.sql_with_params()
        union = " UNION ALL ".join([f"SELECT * FROM ({sql}) AS newest"] * len(keys))  # noqa: S608
        values = [each if param is key else param for each in keys for param in params]
        return self.filter(pk__in=RawSQL(union, values)) if keys else self.none()  # noqa: S611

    def page(self, cursor: str, size: int) -> Page[M]:
        """Return up to `size` rows below `cursor`; BadRequest for an invalid cursor."""
        rows = list(self.below(cursor).newest()[: size + self.lookahead])
        next_rows, rows = rows[size:], rows[:size]
        next_cursor = self.cursor_of(rows[-1]) if next_rows else ""
        previous_cursor = self.cursor_of(rows[0]) if cursor and rows else ""
        return Page(rows, next_cursor, next_rows, previous_cursor)

    def page_above(self, cursor: str, size: int) -> Page[M]:
        """Return the `size` rows directly above `cursor`, or the first page if there are fewer."""
        rows = list(self.above(cursor).newest().reverse()[:size])[::-1]
        if len(rows) < size:
            return self.page("", size)
        return Page(rows, self.cursor_of(rows[-1]), previous_cursor=self.cursor_of(rows[0]))

    def requested_page(self, query: QueryDict, size: int, key: str = "pk") -> Page[M]:
        """Return the page that a request asks for by `from`, `after` or `before`.

        `from` is the value that a row has in the field `key`.
        """
        start, after = query.get("from"), query.get("after")
        if start is not None:
            return self.page_from(key_in(start), size, key)
        if after:
            return self.page_above(after, size)
        return self.page(query.get("before", ""), size)

    def page_from(self, value: int, size: int, key: str = "pk") -> Page[M]:
        """Return the page that begins with a row, or the first page if that has the row.

        If the row is gone, the page begins with the one that has the next lower key.
        """
        rows: list[Any] = list(self._around(value, size, key))
        start = sum(row.is_above for row in rows)
        if start == len(rows):
            return self.page("", size)
        if start < size and (key != "pk" or rows[start].pk == value):
            start = 0
        shown, next_rows = rows[start : start + size], rows[start + size :][: self.lookahead]
        next_cursor = self.cursor_of(shown[-1]) if next_rows else ""
        return Page(shown, next_cursor, next_rows, self.cursor_of(shown[0]) if start else "")

    def _around(self, value: int, size: int, key: str) -> Self:
        """Keep the row of a key, `size` rows above it, and those of a page and ahead below it.

        A second query would be one too many for a profile.
        """
        row: models.QuerySet[M] = self.filter(**{key: value})
        if key == "pk":
            row = self.model._base_manager.filter(pk__lte=value).order_by("-pk")
        place: list[Any] = [Subquery(row.values(name)[:1]) for name in self.keyset]
        is_above = _beyond(self.keyset, place, "gt")
        from_row = _beyond(self.keyset, [*place[:-1], place[-1] + 1], "lt")
        parts = (
            self.filter(is_above).newest().reverse()[:size],
            self.filter(from_row).newest()[: size + self.lookahead],
        )
        compiled = [part.values("pk").query.sql_with_params() for part in parts]
        union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in compiled)  # noqa: S608
        params = [param for _, params in compiled for param in params]
        rows = self.filter(pk__in=RawSQL(union, params)).newest()  # noqa: S611
        return rows.annotate(is_above=Case(When(is_above, then=True), default=False))

    def cursor_at(self, key: int) -> str:
        """Return the cursor below which the row with a key is the first, listed or not.

        If it is deleted, the row with the next lower key takes its place.
        """
        rows = self.model._base_manager.filter(pk__lte=key).order_by("-pk")
        row = rows.values_list(*self.keyset).first()
        return _encode_above(row) if row else ""

    def below(self, cursor: str) -> Self:
        """Keep the rows that are older than that of `cursor`, or all if it is empty."""
        return self._beyond(cursor, "lt")

    def above(self, cursor: str) -> Self:
        """Keep the rows that are newer than that of `cursor`, or all if it is empty."""
        return self._beyond(cursor, "gt")

    def cursor_of(self, row: M) -> str:
        """Return the cursor for the position of `row` in the order of `newest()`."""
        return _encode([getattr(row, name) for name in self.keyset])

    def _beyond(self, cursor: str, side: str) -> Self:
        if not cursor:
            return self.all()
        return self.filter(_beyond(self.keyset, self._decode(cursor), side))

    def _decode(self, cursor: str) -> list[Any]:
        try:
            values = json.loads(b64decode(cursor, altchars="-_", validate=True))
            return [
                self._parse(name, value) for name, value in zip(self.keyset, values, strict=True)
            ]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            raise BadRequest("Invalid cursor.") from None

    def _parse(self, name: str, value: Any) -> Any:
        field = cast("models.Field[Any, Any]", self.model._meta.get_field(name))
        parsed = field.to_python(value)
        if parsed is None or (isinstance(parsed, datetime) and is_naive(parsed)):
            raise ValueError(value)
        # A date in year 1 or 9999 may overflow in UTC. Converting here makes that a BadRequest.
        return parsed.astimezone(UTC) if isinstance(parsed, datetime) else parsed


def key_in(text: str) -> int:
    """Return the key that a text is; BadRequest for a text that is none."""
    try:
        key = int(text)
    except ValueError:
        key = 0
    if not 0 < key < MAX_KEY:
        raise BadRequest("Invalid key.")
    return key


def _beyond(keyset: Sequence[str], values: Sequence[Any], side: str) -> Q:
    """Return the condition for rows on one side, "lt" or "gt", of a place in the order of pages."""
    beyond = Q()
    for name, value in reversed(list(zip(keyset, values, strict=True))):
        # The redundant `lte` or `gte` lets the database seek in an index.
        beyond = Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | beyond)
    return beyond


def _encode(values: Sequence[Any]) -> str:
    return urlsafe_b64encode(json.dumps(values, default=datetime.isoformat).encode()).decode()


def _encode_above(values: Sequence[Any]) -> str:
    *others, key = values
    return _encode([*others, key + 1])
