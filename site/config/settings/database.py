"""The database, and where rate limits are counted."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from config.settings.base import MIDDLEWARE, VAR
from config.settings.environment import number, text, wrong
from config.settings.limits import THREADS

# Where rate limits can be counted: in Redis, in the database, or nowhere.
_COUNTERS = {"redis", "rediss", "unix", "dbcache", "dummycache"}


def database(name: str, url: str, expected: str) -> dict[str, Any]:
    """Return the database that a setting names."""
    try:
        parts = urlsplit(url)
        is_sqlite = parts.scheme == "sqlite" and not parts.netloc
        if not is_sqlite and parts.scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
            raise wrong(name, expected)
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as error:
        raise wrong(name, expected) from error
    if found["NAME"] in {"", ":memory:"}:
        raise wrong(name, expected)
    if is_sqlite and not Path(found["NAME"]).absolute().parent.is_dir():
        raise wrong(name, f"in a folder that exists ({found['NAME']} is not)")
    return found


def primary() -> dict[str, Any]:
    url = text("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")
    examples = "sqlite:////folder/db.sqlite3 or postgres://user:password@host/name"
    return database("DATABASE_URL", url, f"an address such as {examples}")


def replica() -> dict[str, Any]:
    """Return the replica that DATABASE_REPLICA_URL names, or nothing if it is not set."""
    name, sqlite = "DATABASE_REPLICA_URL", "django.db.backends.sqlite3"
    url, expected = text(name), "the address of a replica of the PostgreSQL database DATABASE_URL"
    found = database(name, url, expected) if url else {}
    if url and sqlite in {found["ENGINE"], DATABASES["default"]["ENGINE"]}:
        raise wrong(name, expected)
    return found


def use_postgresql(found: dict[str, Any], *, pool_timeout: int) -> None:
    """Add the options of connections to a PostgreSQL database."""
    found.setdefault("OPTIONS", {}).update(
        {
            # One connection for each thread of a worker. A request that gets none from the primary
            # in 5 seconds is answered with 503.
            "pool": {
                "min_size": 1,
                "max_size": DATABASE_POOL_SIZE,
                "timeout": pool_timeout,
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
    found |= {"CONN_HEALTH_CHECKS": True, "TEST": {"NAME": f"test_{found['NAME']}"}}


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
DATABASES: dict[str, dict[str, Any]] = {"default": primary()}

_replica = replica()
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
    use_postgresql(DATABASES["default"], pool_timeout=5)
if _replica:
    # A request that gets no connection to the replica in a second reads from the primary.
    use_postgresql(_replica, pool_timeout=1)
    DATABASES["replica"] = _replica | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["web.replica.Router"]
    # Before sessions, which are in the database, too.
    _sessions = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    MIDDLEWARE.insert(_sessions, "web.replica.ReplicaMiddleware")
# Counts of rate limits are kept in Redis, or in the database if this is empty. Nothing else is
# cached.
CACHE_URL = counts_url()
