"""What those who run the site are told of its library."""

from typing import Any

from django.core import checks
from django.db import connection

from sqlite.library import LIBRARY, has_wal_reset_bug


@checks.register()
def check_library(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where the database has to go without WAL."""
    if connection.vendor != "sqlite" or not has_wal_reset_bug(LIBRARY):
        return []
    return [
        checks.Warning(
            f"SQLite {LIBRARY.sqlite_version} can corrupt a database in WAL mode, so the site runs"
            " without it: whoever reads waits for whoever writes.",
            hint="Use Python with SQLite 3.51.3 or newer, or the package pysqlite3 where it has a"
            " wheel. If the database is locked, stop the site that still uses WAL.",
            id="sqlite.W001",
        )
    ]
