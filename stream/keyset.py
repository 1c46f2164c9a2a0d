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
class Page[M: models.Model]:
    """The rows of one page, and the cursor of the next, which is empty on the last."""

    rows: Sequence[M]
    next_cursor: str


class KeysetQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that is paged by the fields in `keyset`, newest first."""

    keyset: tuple[str, ...] = ("created", "id")

    def newest(self) -> Self:
        """Order the rows as they are paged."""
        return self.order_by(*(f"-{name}" for name in self.keyset))

    def page(self, cursor: str, size: int) -> Page[M]:
        """Return up to `size` rows below `cursor`; BadRequest where it is not one of ours."""
        rows = list((self._below(cursor) if cursor else self).newest()[: size + 1])
        more = len(rows) > size
        return Page(rows[:size], self._encode(rows[size - 1]) if more else "")

    def _below(self, cursor: str) -> Self:
        below = Q()
        for name, value in reversed(list(zip(self.keyset, self._decode(cursor), strict=True))):
            # The plain `lte` lets the database seek in an index.
            below = Q(**{f"{name}__lte": value}) & (Q(**{f"{name}__lt": value}) | below)
        return self.filter(below)

    def _encode(self, row: M) -> str:
        values = [getattr(row, name) for name in self.keyset]
        return urlsafe_b64encode(json.dumps(values, default=datetime.isoformat).encode()).decode()

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
