"""Recording one action many times concurrently."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from stream.models import Action
from stream.record import create_action
from testing.waiting import second_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("has_target", [True, False]),
]


def test_50_threads_leave_one_row(ana: User, ben: User, has_target: bool) -> None:
    barrier = Barrier(50)

    def call(_: int) -> bool:
        try:
            barrier.wait(30)
            return create_action(ana, "likes", ben if has_target else None)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(call, range(50)))
    assert sorted(results) == [False] * 49 + [True]
    assert Action.objects.count() == 1


def test_50_processes_leave_one_row(
    ana: User, ben: User, database_url: str, has_target: bool
) -> None:
    keys = [ana.pk, ben.pk] if has_target else [ana.pk]
    done = subprocess.run(
        [sys.executable, "-m", "stream.tests.processes", *map(str, keys)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(settings.BASE_DIR / "site"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("1 of 50", "")
    assert Action.objects.count() == 1


def test_a_second_call_waits_until_the_first_has_recorded(
    ana: User, ben: User, has_target: bool
) -> None:
    def record() -> None:
        create_action(ana, "likes", ben if has_target else None)

    assert second_waits(record, record, pause='FROM "stream_action"')
    assert Action.objects.count() == 1
