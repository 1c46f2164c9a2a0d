"""A worker without tasks reads, and writes nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django_ox.models import OxScheduleTick

# Seconds. A worker looks for tasks once a second.
QUIET = 4


@pytest.fixture
def counted_writes(transactional_db: None) -> None:
    """Have the writes of earlier tests counted, which PostgreSQL does when connections end."""
    default = connections[DEFAULT_DB_ALIAS]
    default.close()
    if isinstance(default, DatabaseWrapper):
        default.close_pool()


@pytest.fixture
def worker(database_url: str, counted_writes: None) -> Iterator[None]:
    """Run a worker until it has begun to look at the schedules."""
    command = [sys.executable, "manage.py", "worker"]
    environment = os.environ | {"TASKS": "database", "DATABASE_URL": database_url}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as process:
        try:
            until = time.monotonic() + 60
            while OxScheduleTick.objects.count() < len(settings.SCHEDULES):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            time.sleep(QUIET)
            yield
        finally:
            process.terminate()


def writes() -> object:
    """Return a number that changes with each write of another connection."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA data_version")
        else:
            changes = "n_tup_ins + n_tup_upd + n_tup_del"
            cursor.execute(f"SELECT sum({changes}) FROM pg_stat_user_tables")
        return cursor.fetchone()[0]


def test_an_idle_worker_writes_nothing(worker: None) -> None:
    before = writes()
    time.sleep(QUIET)
    assert writes() == before
