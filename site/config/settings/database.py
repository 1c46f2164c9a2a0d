"""The database, and where rate limits are counted."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from config.settings.base import VAR
from config.settings.environment import number, text, wrong
from config.settings.limits import THREADS

# Where rate limits can be counted: in Redis, in the database, or nowhere.
_COUNTERS = {"redis", "rediss", "unix", "dbcache", "dummycache"}


def database() -> dict[str, Any]:
    """Return the database that DATABASE_URL names."""
    url = text("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")
    examples = "sqlite:////folder/db.sqlite3 or postgres://user:password@host/name"
    expected = f"an address such as {examples}"
    try:
        parts = urlsplit(url)
        is_sqlite = parts.scheme == "sqlite" and not parts.netloc
        if not is_sqlite and parts.scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
            raise wrong("DATABASE_URL", expected)
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as error:
        raise wrong("DATABASE_URL", expected) from error
    if found["NAME"] in {"", ":memory:"}:
        raise wrong("DATABASE_URL", expected)
    if is_sqlite and not Path(found["NAME"]).absolute().parent.is_dir():
        raise wrong("DATABASE_URL", f"in a folder that exists ({found['NAME']} is not)")
    return found


def counts_url() -> str:
    url = text("CACHE_URL")
    try:
        parts = urlsplit(url)
        is_right = parts.port != 0
    except ValueError:
        is_right = False
    if url and not (is_right and parts.scheme in _COUNTERS):
        raise wrong("CACHE_URL", "an address such as redis://host:6379/0, or dummycache://")
    return url


# Seconds that a request waits for a lock before it is answered with 503.
DATABASE_TIMEOUT = number("DATABASE_TIMEOUT", 20)
# Connections to PostgreSQL that each worker opens at most.
DATABASE_POOL_SIZE = number("DATABASE_POOL_SIZE", THREADS)
DATABASES: dict[str, dict[str, Any]] = {"default": database()}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        # Chooses the SQLite library, and WAL mode if the library is safe in it.
        "ENGINE": "sqlite",
        # A transaction takes the write lock when it begins and waits for it, so it cannot fail
        # later because another one writes.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": DATABASE_TIMEOUT,
            # The cache is as fast as mmap_size and faster after a write. With mmap_size, a disk
            # error or a file that shrinks ends the server (docs/benchmarks.md).
            "init_command": "PRAGMA synchronous=FULL; PRAGMA cache_size=-8000; "
            # Overwrites deleted rows. Debian's library does so by default, others do not.
            "PRAGMA secure_delete=ON;",
        },
        "CONN_MAX_AGE": 60,
        # Threads and browser tests cannot share a database in memory.
        "TEST": {"NAME": VAR / "test.sqlite3"},
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            # One connection for each thread of a worker. A request that gets none in 5 seconds is
            # answered with 503.
            "pool": {
                "min_size": 1,
                "max_size": DATABASE_POOL_SIZE,
                "timeout": 5,
                # The pauses between attempts grow until the pool gives up. The next request starts
                # with short pauses again.
                "reconnect_timeout": 5,
            },
            "connect_timeout": 5,
            "options": f"-c lock_timeout={DATABASE_TIMEOUT}s",
            # A repeated statement is not planned again. Planning can take longer than running it.
            "server_side_binding": True,
            "prepare_threshold": 5,
        }
    )
    DATABASES["default"] |= {
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_{DATABASES['default']['NAME']}"},
    }
# Counts of rate limits are kept in Redis, or in the database if this is empty. Nothing else is
# cached.
CACHE_URL = counts_url()
