"""The SQLite library that Magpie uses.

Before 3.51.3 (3.50.7, 3.44.6), two connections that write and checkpoint at once can corrupt a
database in WAL mode: https://sqlite.org/wal.html#walresetbug
"""

import sqlite3
from types import ModuleType
from typing import Any

try:
    import pysqlite3
except ImportError:
    pysqlite3 = None


def has_wal_reset_bug(library: ModuleType) -> bool:
    """Return whether this library can corrupt a database in WAL mode."""
    version = library.sqlite_version_info
    was_fixed = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return version < (3, 51, 3) and not was_fixed


def choose(standard: ModuleType, wheel: ModuleType | None) -> ModuleType:
    """Return Python's own library, or the wheel's if only that one has no bug."""
    libraries = [library for library in (standard, wheel) if library]
    return next((library for library in libraries if not has_wal_reset_bug(library)), standard)


LIBRARY: Any = choose(sqlite3, pysqlite3)
