"""Find damage to the database, which only a backup can repair."""

from collections.abc import Iterator

from django.db import DatabaseError, connection


def damage() -> Iterator[str]:
    """Yield what SQLite's own checks find. Administrators of PostgreSQL can use amcheck."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            for check in ("integrity_check", "foreign_key_check"):
                cursor.execute(f"PRAGMA {check}")
                rows = [row for row in cursor.fetchall() if row != ("ok",)]
                yield from (f"{check}: {', '.join(map(str, row))}" for row in rows)
    except DatabaseError as error:
        yield str(error)
