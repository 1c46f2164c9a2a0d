"""Find stored counts that are not the number of their rows."""

from collections.abc import Iterator
from itertools import batched

from django.db import connection, models

from people.counts import BATCH, StoredCount

# The rows are grouped once. A subquery for each owner may read all rows for each owner.
WRONG_OWNERS = """
    SELECT owners.{pk} FROM {owners} owners LEFT JOIN (
        SELECT {owner} AS owner, COUNT(*) AS number FROM {rows} WHERE {flag} GROUP BY {owner}
    ) counted ON counted.owner = owners.{key}
    WHERE owners.{field} <> COALESCE(counted.number, 0)
    ORDER BY owners.{pk}
"""


def wrong_owners(count: StoredCount) -> Iterator[models.Model]:
    """Yield the owners whose count is not that of their rows."""
    pk = count.owners._meta.auto_field.name  # type: ignore[union-attr]
    names = {
        "pk": pk,
        "owners": count.owners._meta.db_table,
        "key": _column(count.owners, pk if count.key == "pk" else count.key),
        "field": _column(count.owners, count.field),
        "rows": count.rows._meta.db_table,
        "owner": _column(count.rows, count.owner),
        "flag": _column(count.rows, count.flag),
    }
    quoted = {name: connection.ops.quote_name(value) for name, value in names.items()}
    owners = count.owners._base_manager.raw(WRONG_OWNERS.format(**quoted))
    for batch in batched(owners, BATCH, strict=False):
        # This leaves out images that are hidden while they are being deleted.
        yield from count.owners._default_manager.filter(
            pk__in=[owner.pk for owner in batch]
        ).order_by("pk")


def _column(model: type[models.Model], field: str) -> str:
    return str(model._meta.get_field(field).column)  # type: ignore[union-attr]
