"""How long the statements of a feed take in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import quantiles
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import OuterRef, Subquery

from home.feeds import home_feed
from people.models import Contact
from stream.entries import Entry
from stream.keyset import Page
from stream.models import Action
from tools.bench import tutorial
from tools.bench.town import VIEWERS

SECONDS = 2.0
Statement = tuple[str, Any]


def measure() -> None:
    """Print a table of times in ms, and the ratios to the tutorial's."""
    print("| followed | tutorial's | on our indexes | ours | page 50 | faster | page 50 ÷ 1 |")
    print("|---|---|---|---|---|---|---|")
    planned_each_time = [f"{print_row(User.objects.get(pk=pk)):.2f}" for pk in VIEWERS]
    if connection.vendor == "postgresql":
        print(f"\nThe tutorial's, planned for each execution: {', '.join(planned_each_time)} ms.")
    newest = Action.objects.newest()[0]
    row = milliseconds(sent_by(newest.refresh_from_db))
    print(f"\nOne action by its primary key: {row:.3f} ms.\n")
    print("| followed | the statements of our page | as many rows by key | probes |")
    print("|---|---|---|---|")
    for pk in VIEWERS:
        print_parts(User.objects.get(pk=pk), row)
    print()


def print_row(viewer: User) -> float:
    """Print a viewer's row, and return the time of the tutorial's, planned for each execution."""
    followed = Contact.objects.filter(user_from=viewer).count()
    cursor, number = place_of_page(viewer, 50)
    on_ours = sent_by(partial(tutorial.dashboard, viewer))
    theirs = [(tutorial.on_its_indexes(sql), params) for sql, params in on_ours]
    first, later = (sent_by(partial(page, viewer, before)) for before in ("", cursor))
    times = [milliseconds(statements) for statements in (theirs, on_ours, first, later)]
    cells = [f"{time:.2f}" for time in times]
    if number < 50:
        cells[-1] += f" (page {number})"
    ratios = f"{times[0] / times[2]:.0f} × | {times[3] / times[2]:.2f}"
    print(f"| {followed} | {' | '.join(cells)} | {ratios} |", flush=True)
    with planning_each_time():
        return milliseconds(theirs)


def print_parts(viewer: User, row: float) -> None:
    """Print the times of a page's statements, and of what a page cannot do without."""
    people = Contact.objects.followed_ids(viewer.pk)
    theirs = Action.objects.filter(user=OuterRef("person")).newest()
    probes = people.annotate(newest=Subquery(theirs.values("created")[:1]))
    statements = sent_by(partial(page, viewer, ""))
    times = " + ".join(f"{milliseconds([statement]):.2f}" for statement in statements)
    needed = f"{len(statements) * row:.2f} | {milliseconds(sent_by(partial(list, probes))):.2f}"
    print(f"| {people.count()} | {times} | {needed} |", flush=True)


@contextmanager
def planning_each_time() -> Iterator[None]:
    """Let PostgreSQL plan each statement for its values, as Django has it unless told otherwise."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_custom_plan")
        yield
        cursor.execute("RESET plan_cache_mode")


def page(viewer: User, before: str) -> Page[Entry]:
    return home_feed(viewer).page(before)


def sent_by(work: Callable[[], Any]) -> list[Statement]:
    """Return the statements that `work` sends."""
    statements: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        work()
    return statements


def milliseconds(statements: list[Statement]) -> float:
    """Return how long the statements take together, all rows fetched, once warm."""

    def work() -> None:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()

    with connection.cursor() as cursor:
        return quiet_milliseconds(work)


def quiet_milliseconds(work: Callable[[], Any]) -> float:
    """Return the tenth percentile: a median on a busy machine is mostly about its other work."""
    for _ in range(6):
        work()
    times: list[float] = []
    while len(times) < 10 or (sum(times) < SECONDS and len(times) < 1000):
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return 1000 * quantiles(times, n=10)[0]


def place_of_page(viewer: User, number: int) -> tuple[str, int]:
    """Return the cursor of a page, or of the last before it, and its number."""
    cursor = ""
    for last in range(1, number):
        below = page(viewer, cursor).next_cursor
        if not below:
            return cursor, last
        cursor = below
    return cursor, number
