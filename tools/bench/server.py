"""How many pages a second the server answers, and how long each takes."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tools.bench.visits import VIEWER
from tools.servers.site import serving

SECONDS = 8.0
PAGES = {
    "an empty view": ("/bench/empty/", {}),
    "gallery": ("/images/", {}),
    "feed": ("/stream/", {"HX-Request": "true"}),
}


class Load(NamedTuple):
    workers: int
    threads: int
    connections: int


LOADS = [Load(*processes, count) for processes in ((1, 8), (2, 4), (2, 8)) for count in (8, 64)]


class Answers(NamedTuple):
    """How long each answer took, and how long all of them took."""

    milliseconds: list[float]
    seconds: float

    def __str__(self) -> str:
        percentiles = quantiles(self.milliseconds, n=100, method="inclusive")
        rate = len(self.milliseconds) / self.seconds
        return f"{rate:.0f} | {percentiles[49]:.1f} | {percentiles[98]:.1f}"


def measure() -> None:
    """Print a table with a row for each load and page."""
    print("| workers × threads | connections | page | requests a second | median, ms | p99, ms |")
    print("|---|---|---|---|---|---|")
    cookie = session_of(User.objects.get(pk=VIEWER))
    for workers, threads, connections in LOADS:
        with serving(sys.stderr, WORKERS=str(workers), THREADS=str(threads)) as url:
            for name, (path, headers) in PAGES.items():
                sent = headers | {"Cookie": cookie, "Accept-Encoding": "gzip"}
                answers = answers_to(connections, url + path, sent)
                load = f"{workers} × {threads} | {connections}"
                print(f"| {load} | {name} | {answers} |", flush=True)
    print()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def answers_to(count: int, url: str, headers: dict[str, str]) -> Answers:
    """Let `count` connections send requests for SECONDS, each one after the answer to the last."""
    connections = [HTTPConnection(urlsplit(url).netloc) for _ in range(count)]

    def warm_up(connection: HTTPConnection) -> None:
        # Workers compile templates, and their threads connect to the database.
        for _ in range(2):
            ask(connection, url, headers)

    def ask_on(connection: HTTPConnection) -> list[float]:
        times = []
        while perf_counter() < begin + SECONDS:
            times.append(ask(connection, url, headers))
        return times

    with ExitStack() as stack, ThreadPoolExecutor(count) as pool:
        for connection in connections:
            stack.enter_context(closing(connection))
        list(pool.map(warm_up, connections))
        begin = perf_counter()
        times = [time for times in pool.map(ask_on, connections) for time in times]
    return Answers(times, perf_counter() - begin)


def ask(connection: HTTPConnection, url: str, headers: dict[str, str]) -> float:
    """Return the milliseconds until a page was received."""
    sent = perf_counter()
    connection.request("GET", urlsplit(url).path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    # A partial redirects with a header and status 200.
    if response.status != 200 or response.headers["HX-Redirect"]:
        raise RuntimeError(f"{url} answered {response.status}: {body[:200]!r}")
    return 1000 * (perf_counter() - sent)
