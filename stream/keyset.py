"""Keyset paging, newest first: a page goes on below the last row of the one before."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, cast

from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import is_naive


@dataclass(frozen=True)
class Page[Row]:
    """The rows of one page, and the cursor of the next, which is empty on the last."""

    rows: Sequence[Row]
    next_cursor: str
    # The first rows of the next page.
    coming: Sequence[Row] = ()


class KeysetQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that is paged by the fields in `keyset`, newest first."""

    keyset: tuple[str, ...] = ("created", "id")
    # How many rows of the next page a page knows of.
    peek = 1

    def newest(self) -> Self:
        """Order the rows as they are paged."""
        return self.order_by(*(f"-{name}" for name in self.keyset))

    def page(self, cursor: str, size: int) -> Page[M]:
        """Return up to `size` rows below `cursor`; BadRequest where it is not one of ours."""
        rows = list(self.below(cursor).newest()[: size + self.peek])
        coming = rows[size:]
        return Page(rows[:size], self.cursor_of(rows[size - 1]) if coming else "", coming)

    def below(self, cursor: str) -> Self:
        """Keep the rows that are older than the one of `cursor`; all where that is empty."""
        return self._beyond(cursor, "lt")

    def above(self, cursor: str) -> Self:
        """Keep the rows that are newer than the one of `cursor`; all where that is empty."""
        return self._beyond(cursor, "gt")

    def cursor_of(self, row: M) -> str:
        """Return the place of `row` in the order of `newest()`."""
        values = [getattr(row, name) for name in self.keyset]
        return urlsafe_b64encode(json.dumps(values, default=datetime.isoformat).encode()).decode()

    def _beyond(self, cursor: str, side: str) -> Self:
        if not cursor:
            return self.all()
        beyond = Q()
        for name, value in reversed(list(zip(self.keyset, self._decode(cursor), strict=True))):
            # The plain `lte` or `gte` lets the database seek in an index.
            beyond = Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | beyond)
        return self.filter(beyond)

    def _decode(self, cursor: str) -> list[Any]:
        try:
            values = json.loads(b64decode(cursor, altchars="-_", validate=True))
            return [
                self._parse(name, value) for name, value in zip(self.keyset, values, strict=True)
            ]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            raise BadRequest("That is not a place in this list.") from None

    def _parse(self, name: str, value: Any) -> Any:
        field = cast("models.Field[Any, Any]", self.model._meta.get_field(name))
        parsed = field.to_python(value)
        if parsed is None or (isinstance(parsed, datetime) and is_naive(parsed)):
            raise ValueError(value)
        # A date at the edge of time has no equal in UTC, which the database would find too late.
        return parsed.astimezone(UTC) if isinstance(parsed, datetime) else parsed
