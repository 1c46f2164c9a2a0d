"""Keyset pagination, newest first: a page starts below the last row of the previous page."""

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
    """The rows of one page, and the cursor of the next page, which is empty on the last."""

    rows: Sequence[Row]
    next_cursor: str
    # The first rows of the next page.
    next_rows: Sequence[Row] = ()


class KeysetQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset with pages ordered by the fields in `keyset`, newest first."""

    keyset: tuple[str, ...] = ("created", "id")
    # The number of rows of the next page to load with a page.
    lookahead = 1

    def newest(self) -> Self:
        """Order the rows as in pages."""
        return self.order_by(*(f"-{name}" for name in self.keyset))

    def page(self, cursor: str, size: int) -> Page[M]:
        """Return up to `size` rows below `cursor`; BadRequest for an invalid cursor."""
        rows = list(self.below(cursor).newest()[: size + self.lookahead])
        next_rows = rows[size:]
        return Page(rows[:size], self.cursor_of(rows[size - 1]) if next_rows else "", next_rows)

    def below(self, cursor: str) -> Self:
        """Keep the rows that are older than that of `cursor`, or all if it is empty."""
        return self._beyond(cursor, "lt")

    def above(self, cursor: str) -> Self:
        """Keep the rows that are newer than that of `cursor`, or all if it is empty."""
        return self._beyond(cursor, "gt")

    def cursor_of(self, row: M) -> str:
        """Return the cursor for the position of `row` in the order of `newest()`."""
        values = [getattr(row, name) for name in self.keyset]
        return urlsafe_b64encode(json.dumps(values, default=datetime.isoformat).encode()).decode()

    def _beyond(self, cursor: str, side: str) -> Self:
        if not cursor:
            return self.all()
        beyond = Q()
        for name, value in reversed(list(zip(self.keyset, self._decode(cursor), strict=True))):
            # The redundant `lte` or `gte` lets the database seek in an index.
            beyond = Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | beyond)
        return self.filter(beyond)

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
