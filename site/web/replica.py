"""Read from a replica of the database, but show viewers what they have just changed.

Each change has a position in PostgreSQL's log. The response to a request that wrote sets a cookie
with the position after it. While the replica has not applied the log up to there, requests with
the cookie read from the primary.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import Error, OperationalError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from web.headers import set_cookie

POSITION = re.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}")
# `pg_current_wal_lsn` would miss commits that did not wait for the disk.
GET_POSITION = "SELECT pg_current_wal_insert_lsn()"
# With several hosts in DATABASE_REPLICA_URL, the primary may stand in for the replica.
HAS_APPLIED = "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn"
# The cookie expires after a day. It is never deleted, because the response that deletes it could
# arrive after that to a later write, and delete the position of that.
MAX_AGE = 24 * 60 * 60
# Seconds for which nobody waits for a replica that could not be reached.
PAUSE = 10


@dataclass
class Reads:
    """Where one request reads. Its first query decides, unless it writes before."""

    position: str
    alias: str
    has_written: bool = False


# None outside of requests, such as in commands and tasks.
current: ContextVar[Reads | None] = ContextVar("current", default=None)


class Router:
    """Choose between the primary, which is the database `default`, and the replica."""

    away_until = 0.0

    def db_for_read(self, model: object, **hints: object) -> str:
        reads = current.get()
        # A transaction may write what it has read.
        if reads is None or connections["default"].in_atomic_block:
            return "default"
        reads.alias = reads.alias or ("replica" if self.is_usable(reads.position) else "default")
        return reads.alias

    def is_usable(self, position: str) -> bool:
        """Return whether the replica can be reached and has applied the log up to a position."""
        if monotonic() < self.away_until or (position and not POSITION.fullmatch(position)):
            return False
        try:
            with connections["replica"].cursor() as cursor:
                if position:
                    cursor.execute(HAS_APPLIED, [position])
                return not position or bool(cursor.fetchone()[0])
        except OperationalError:
            self.away_until = monotonic() + PAUSE
            return False

    def db_for_write(self, model: object, **hints: object) -> str:
        # Django asks this before its own writes. Raw SQL has to ask, if viewers see what it writes.
        if reads := current.get():
            reads.alias, reads.has_written = "default", True
        return "default"

    def allow_relation(self, *objects: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints: object) -> bool:
        return alias == "default"


class ReplicaMiddleware:
    """Let GET and HEAD read from the replica, and tell browsers the position of their writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        position = request.COOKIES.get(settings.POSITION_COOKIE_NAME, "")
        reads = Reads(position, alias="" if request.method in {"GET", "HEAD"} else "default")
        token = current.set(reads)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        if reads.has_written:
            set_cookie(response, settings.POSITION_COOKIE_NAME, position_of_log(), MAX_AGE)
        return response


def position_of_log() -> str:
    """Return the position after all writes, or if it is unknown, what no replica has applied."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(GET_POSITION)
            return str(cursor.fetchone()[0])
    except Error:
        # The write is committed, so the request must not fail.
        return "unknown"
