"""Operations for migrations that add indexes to tables in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexOnline(AddIndexConcurrently):
    """Add an index while the site writes to its table. The migration needs `atomic = False`.

    SQLite cannot do that, and makes the index as usual.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        arguments = app_label, schema_editor, from_state, to_state
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_forwards(self, *arguments)
        with no_lock_timeout(schema_editor):
            # A migration that failed leaves an index that is not valid.
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            return super().database_forwards(*arguments)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        arguments = app_label, schema_editor, from_state, to_state
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_backwards(self, *arguments)
        return super().database_backwards(*arguments)


@contextmanager
def no_lock_timeout(schema_editor: Any) -> Iterator[None]:
    """Wait for locks as long as it takes. An index that is made concurrently blocks nobody."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (before,) = cursor.fetchone()
    schema_editor.execute("SET lock_timeout = 0")
    try:
        yield
    finally:
        schema_editor.execute(f"SET lock_timeout = '{before}'")
