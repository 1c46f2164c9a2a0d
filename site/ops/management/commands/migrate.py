"""Migrate a database while sites use it, even if several machines do so at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number that no other program uses for a lock in this database.
LOCK = 7_306_927
# All queries wait behind a migration that waits for the lock of a table, so it gives up soon.
LOCK_TIMEOUT = "5s"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with locked(connections[options["database"]]):
            super().handle(*args, **options)


@contextmanager
def locked(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let only one process migrate a PostgreSQL database at a time."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        # Do not wait in the query: CREATE INDEX CONCURRENTLY, in the process that has the lock,
        # waits for all queries that have begun.
        while not answer(cursor, "SELECT pg_try_advisory_lock(%s)", LOCK):
            time.sleep(0.5)
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def answer(cursor: Any, query: str, *parameters: object) -> Any:
    cursor.execute(query, parameters)
    return cursor.fetchone()[0]
