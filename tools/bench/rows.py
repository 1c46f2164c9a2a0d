"""Many rows at once, written past the models."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models.fields import NOT_PROVIDED

Row = tuple[Any, ...]


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows whose values are those of the named columns; others get their defaults."""
    defaults = defaults_of(model, names)
    columns = ", ".join(map(connection.ops.quote_name, [*names, *defaults]))
    filled = (row + tuple(defaults.values()) for row in rows)
    meta = model._meta
    # An index that is made over all rows at once takes a fraction of the time.
    with connection.schema_editor() as editor:
        for index in meta.indexes:
            editor.remove_index(model, index)
    with transaction.atomic():
        copy(meta.db_table, columns, len(names) + len(defaults), filled)
    with connection.schema_editor() as editor:
        for index in meta.indexes:
            editor.add_index(model, index)


def defaults_of(model: type[models.Model], names: Sequence[str]) -> dict[str, Any]:
    """Return the values of columns that are not named and need one, such as stored counts."""
    return {
        str(field.column): field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in names
        and not (field.primary_key or field.null or field.db_default is not NOT_PROVIDED)
    }


def copy(table: str, columns: str, width: int, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # Django's cursor would inspect each row, so use the cursor of the library.
            raw = cursor.cursor
            marks = ", ".join("?" * width)
            super(type(raw), raw).executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows
            )


def reset_sequences(*models: type[models.Model]) -> None:
    """Let new rows get keys above those that were inserted."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)
