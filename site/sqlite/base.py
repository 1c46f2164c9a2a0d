"""Django's SQLite backend with the library that `library` chooses."""

import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from sqlite.library import LIBRARY, has_wal_reset_bug

# All later imports of sqlite3 get the same library. A second library in this process would lose its
# locks on the database when the first one closes it.
sys.modules |= {"sqlite3": LIBRARY, "sqlite3.dbapi2": LIBRARY.dbapi2}

from django.db.backends.sqlite3 import base, features  # noqa: E402

if base.DatabaseWrapper.Database is not LIBRARY.dbapi2:
    raise ImproperlyConfigured("Django's SQLite backend was imported before Magpie's.")

# pysqlite3 0.6.1 lacks getlimit and its constants, which Django 6.1 needs. The numbers are part of
# SQLite's interface. The limits are SQLite's defaults, which builds rarely lower.
COLUMN, VARIABLE_NUMBER = 2, 9
LIMITS = {COLUMN: 2000, VARIABLE_NUMBER: 32766}
LIBRARY.SQLITE_LIMIT_COLUMN = COLUMN
LIBRARY.SQLITE_LIMIT_VARIABLE_NUMBER = VARIABLE_NUMBER


class Connection(LIBRARY.Connection):
    """A connection that knows the limits of its library."""

    def getlimit(self, category: int) -> int:
        if hasattr(LIBRARY.Connection, "getlimit"):
            return int(super().getlimit(category))
        return LIMITS[category]


class DatabaseFeatures(features.DatabaseFeatures):
    # Libraries have had it by default since 3.38. To find out, each system check would open the
    # database, which may be damaged, and wait for its lock.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend, in WAL mode if that is safe with the library."""

    features_class = DatabaseFeatures
    init_commands: list[str]

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        mode = "DELETE" if has_wal_reset_bug(LIBRARY) else "WAL"
        # This also changes a database that was in the other mode.
        self.init_commands.insert(0, f"PRAGMA journal_mode={mode}")
        return params | {"factory": Connection}
