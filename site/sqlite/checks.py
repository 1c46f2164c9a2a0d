"""A system check of the SQLite library."""

from typing import Any

from django.core import checks
from django.db import connection

from sqlite.library import LIBRARY, has_wal_reset_bug


@checks.register()
def check_library(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if the database cannot use WAL."""
    if connection.vendor != "sqlite" or not has_wal_reset_bug(LIBRARY):
        return []
    return [
        checks.Warning(
            f"SQLite {LIBRARY.sqlite_version} can corrupt a database in WAL mode. Magpie does not"
            " use this mode, so readers wait for writers.",
            hint="Use a Python with SQLite 3.51.3 or newer, or the package pysqlite3 if it has a"
            " wheel for this machine. If the database is locked, stop any site that uses WAL.",
            id="sqlite.W001",
        )
    ]
