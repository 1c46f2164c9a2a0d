"""Measure one request: CPU of the site and of the database, statements, writes and counts."""

import gzip
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import clock_gettime, process_time
from typing import Any

from django.conf import settings
from django.db import connection
from redis import Redis

from imaging import pool
from tools.bench.decoder import processor_seconds
from tools.scaling.costs import Request

SHOWN = re.compile(rf'<img\s[^>]*src="{re.escape(settings.MEDIA_URL)}')


class Meter:
    """Measures requests in this process to a PostgreSQL server on this machine."""

    def __init__(self) -> None:
        self.redis = Redis.from_url(settings.CACHE_URL)
        with connection.cursor() as cursor:
            # One process does all the work of the database.
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        pid = connection.connection.info.backend_pid
        if settings.DATABASES["default"]["NAME"] not in Path(f"/proc/{pid}/cmdline").read_text():
            raise RuntimeError("The database must be on this machine.")
        # The number of another process's clock, as clock_getcpuclockid(3) makes it on Linux.
        self.clock = ~pid << 3 | 2

    def measure(self, work: Callable[[], Any]) -> Request:
        """Return what a request costs; `work` returns the response."""
        statements = 0

        def count(execute: Any, *args: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*args)

        counts, (writes, log) = self.counts(), log_of_database()
        site, database = site_seconds(), clock_gettime(self.clock)
        with connection.execute_wrapper(count):
            response = work()
        site, database = site_seconds() - site, clock_gettime(self.clock) - database
        more_counts, (more_writes, more_log) = self.counts(), log_of_database()
        added = more_writes - writes, more_log - log, more_counts - counts
        images = len(SHOWN.findall(html_of(response)))
        times = 1000 * site, 1000 * database
        return Request(*times, statements, *added, len(response.content), images)

    def counts(self) -> int:
        """Return how many counts of rate limits Redis has made."""
        found = self.redis.info("commandstats").get("cmdstat_evalsha", {})
        return int(found.get("calls", 0))


def typical(requests: Sequence[Request]) -> Request:
    """Return the median of each figure."""
    return Request(*map(median, zip(*requests, strict=True)))


def site_seconds() -> float:
    """Return the CPU time of this process and of its decoder."""
    return process_time() + sum(map(processor_seconds, pool.idle))


def log_of_database() -> tuple[int, int]:
    """Return how many transactions have written, and the position in the database's log."""
    sql = (
        "SELECT pg_snapshot_xmax(pg_current_snapshot())::text, pg_current_wal_insert_lsn() - '0/0'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        transactions, position = cursor.fetchone()
    return int(transactions), int(position)


def html_of(response: Any) -> str:
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    content = gzip.decompress(response.content) if is_packed else response.content
    return str(content.decode())
