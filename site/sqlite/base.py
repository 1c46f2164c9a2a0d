"""Django's SQLite backend on the library that `library` chooses."""

import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from sqlite.library import LIBRARY, has_wal_reset_bug

# Whoever imports sqlite3 from here on gets the same library. A second one in this process would
# lose its locks on the database when the first one closes it.
sys.modules |= {"sqlite3": LIBRARY, "sqlite3.dbapi2": LIBRARY.dbapi2}

from django.db.backends.sqlite3 import base  # noqa: E402

if base.DatabaseWrapper.Database is not LIBRARY.dbapi2:
    raise ImproperlyConfigured("Django's SQLite backend was imported before Magpie's.")

# pysqlite3 0.6.1 lacks getlimit and its constants, which Django 6.1 asks for. The numbers are part
# of SQLite's interface, and the limits are the lowest that it has unless it was built for less.
COLUMN, VARIABLE_NUMBER = 2, 9
LIMITS = {COLUMN: 2000, VARIABLE_NUMBER: 32766}
LIBRARY.SQLITE_LIMIT_COLUMN = COLUMN
LIBRARY.SQLITE_LIMIT_VARIABLE_NUMBER = VARIABLE_NUMBER


class Connection(LIBRARY.Connection):
    """A connection that tells the limits of its library."""

    def getlimit(self, category: int) -> int:
        if hasattr(LIBRARY.Connection, "getlimit"):
            return int(super().getlimit(category))
        return LIMITS[category]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend, in WAL mode where the library is safe in it."""

    init_commands: list[str]

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        mode = "DELETE" if has_wal_reset_bug(LIBRARY) else "WAL"
        # A database that was in the other mode is taken back.
        self.init_commands.insert(0, f"PRAGMA journal_mode={mode}")
        return params | {"factory": Connection}
