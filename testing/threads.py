"""Many function calls at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(calls: list[Callable[[], bool]], threads: int = 25) -> list[bool]:
    """Make all calls in threads, each with its own database connection."""

    def call(one: Callable[[], bool]) -> bool:
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(call, calls))
