"""The time that a feed page takes: its statements in the database, its template in Python."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory

from home.feeds import home_feed
from stream import feed
from stream.keyset import Page
from stream.models import Action
from tools.bench import tutorial
from tools.bench.data import VIEWERS

SECONDS = 2.0
Statement = tuple[str, Any]


def measure() -> None:
    """Print a table of medians in milliseconds, and their ratios to the tutorial's."""
    print("| followed | tutorial's | on our indexes | ours | page 50 | faster | page 50 ÷ 1 |")
    print("|---|---|---|---|---|---|---|")
    replanned = []
    for pk, followed in VIEWERS.items():
        viewer = User.objects.get(pk=pk)
        cursor, number = cursor_of_page(viewer, 50)
        on_ours = statements_of(partial(tutorial.dashboard, viewer))
        theirs = [(tutorial.on_its_table(sql), params) for sql, params in on_ours]
        first, later = (statements_of(partial(feed_page, viewer, at)) for at in ("", cursor))
        times = [milliseconds(statements) for statements in (theirs, on_ours, first, later)]
        cells = [f"{time:.2f}" for time in times]
        if number < 50:
            cells[-1] += f" (page {number})"
        ratios = f"{times[0] / times[2]:.0f} × | {times[3] / times[2]:.2f}"
        print(f"| {followed} | {' | '.join(cells)} | {ratios} |", flush=True)
        with planning_for_each_execution():
            replanned.append(f"{milliseconds(theirs):.2f}")
    if connection.vendor == "postgresql":
        print(f"\nThe tutorial's, planned for each execution: {', '.join(replanned)} ms.")
    newest = Action.objects.newest()[0]
    row = milliseconds(statements_of(newest.refresh_from_db))
    print(f"\n- One action by its primary key: {row:.3f} ms.")
    print(f"- The template of a page of ten entries: {template_milliseconds():.1f} ms.\n")


@contextmanager
def planning_for_each_execution() -> Iterator[None]:
    """Let PostgreSQL plan each statement for its values, which is Django's default."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_custom_plan")
        yield
        cursor.execute("RESET plan_cache_mode")


def feed_page(viewer: User, before: str) -> Page[feed.Entry]:
    return home_feed(viewer).page(before)


def statements_of(work: Callable[[], Any]) -> list[Statement]:
    """Return the statements that `work` sends."""
    statements: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        work()
    return statements


def milliseconds(statements: list[Statement]) -> float:
    """Return the median time of all statements together, with all rows fetched and warm caches."""

    def work() -> None:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()

    with connection.cursor() as cursor:
        return median_milliseconds(work)


def median_milliseconds(work: Callable[[], Any]) -> float:
    for _ in range(6):
        work()
    times: list[float] = []
    while sum(times) < SECONDS and len(times) < 1000:
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return 1000 * median(times)


def cursor_of_page(viewer: User, number: int) -> tuple[str, int]:
    """Return the cursor and the number of a page, or of the last page if there are fewer."""
    cursor = ""
    for last in range(1, number):
        next_cursor = feed_page(viewer, cursor).next_cursor
        if not next_cursor:
            return cursor, last
        cursor = next_cursor
    return cursor, number


def template_milliseconds() -> float:
    viewer = User.objects.get(pk=max(VIEWERS))
    request = RequestFactory().get("/stream/")
    request.user = viewer
    first = feed_page(viewer, "")
    context = {"page": first, "after": feed.cursor_for_newer(first)}
    return median_milliseconds(
        lambda: render_to_string("home/stream.html#feed", context, request=request)
    )
