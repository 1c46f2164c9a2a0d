"""Distinguish bugs from outages of the database, Redis or the store, which end by themselves."""

from django.db import DatabaseError, InterfaceError, OperationalError
from redis import RedisError

# A connection to an object store fails with a ConnectionError.
OUTAGES = (InterfaceError, OperationalError, RedisError, ConnectionError)
# SQLite's code for a statement that is wrong, such as one that names a missing table or column.
# Every other code of an OperationalError is about locks, the disk or the file.
SQLITE_ERROR = 1
# Classes of PostgreSQL's error codes: connection, authorization, rollback by a deadlock, resources,
# locks, intervention by an operator, system and configuration.
OUTAGE_CLASSES = {"08", "28", "40", "53", "55", "57", "58", "F0"}
MISSING_TABLE = "42P01"


def is_outage(error: BaseException | None) -> bool:
    """Return whether the same request may succeed a little later without a change of the code."""
    if not isinstance(error, OUTAGES):
        return False
    original = error.__cause__ or error
    if code := getattr(original, "sqlite_errorcode", None):
        # The lowest byte is the code; the rest is detail.
        return bool(code & 0xFF != SQLITE_ERROR)
    if state := getattr(original, "sqlstate", None):
        return state[:2] in OUTAGE_CLASSES
    # psycopg gives no code if there is no connection.
    return True


def explanation(error: DatabaseError) -> str:
    """Return what to tell the person who ran a command, or nothing if the error is a bug."""
    problem = str(error).strip()
    if is_outage(error):
        return f"The database cannot be used: {problem}"
    state = getattr(error.__cause__, "sqlstate", None)
    if state == MISSING_TABLE or problem.startswith("no such table: "):
        problem = problem.partition("\n")[0]
        return f"The database is not ready: {problem}. Run `manage.py migrate` first."
    return ""
