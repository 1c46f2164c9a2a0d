"""Find out whether one transaction has to wait for another."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from threading import Event
from time import sleep
from typing import Any

from django.db import connection

SECONDS = 30


def second_waits(first: Callable[[], Any], second: Callable[[], Any], pause: str) -> bool:
    """Return whether `second` has to wait for `first`.

    `first` pauses after its first statement that contains `pause`, and `second` starts then. Both
    have finished when this returns.
    """
    paused, go_on = Event(), Event()

    def pausing(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if pause in sql and not paused.is_set():
            paused.set()
            go_on.wait(SECONDS)
        return result

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(call_with_own_connection, first, pausing)
        try:
            assert paused.wait(SECONDS)
            two = pool.submit(call_with_own_connection, second)
            waited = is_waiting(two)
        finally:
            go_on.set()
        one.result()
        two.result()
    return waited


def call_with_own_connection(function: Callable[[], Any], *wrappers: Any) -> None:
    with ExitStack() as stack:
        stack.callback(connection.close)
        for wrapper in wrappers:
            stack.enter_context(connection.execute_wrapper(wrapper))
        function()


def is_waiting(thread: Future[None]) -> bool:
    """Return whether a thread waits for a lock, as soon as the database shows it."""
    if connection.vendor == "sqlite":
        # SQLite has one lock for all writers, and does not show which connections wait.
        return bool(wait([thread], 0.3).not_done)
    while not thread.done():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone():
                return True
        sleep(0.01)
    return False
