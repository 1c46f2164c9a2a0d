"""How many pages a second the server answers, and how long each takes."""

import http.client
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tools.servers.site import serving

SECONDS = 5.0
# Requests of these first seconds do not count, as each thread connects to the database.
WARM_UP = 2.0
# A viewer who follows 150 people.
VIEWER = 2
PAGES = {
    "an empty view": ("/bench/empty/", {}),
    "gallery": ("/images/", {}),
    "feed": ("/stream/", {"HX-Request": "true"}),
}


class Load(NamedTuple):
    workers: int
    threads: int
    connections: int


LOADS = [Load(1, 8, 8), Load(1, 8, 64), Load(2, 4, 64)]


def measure() -> None:
    """Print a table with a row for each load and page."""
    print("| workers × threads | connections | page | requests a second | median, ms | p99, ms |")
    print("|---|---|---|---|---|---|")
    cookie = session_of(User.objects.get(pk=VIEWER))
    for load in LOADS:
        workers, threads, connections = load
        with serving(sys.stderr, GRANIAN_WORKERS=str(workers), THREADS=str(threads)) as url:
            for name, (path, headers) in PAGES.items():
                sent = headers | {"Cookie": cookie, "Accept-Encoding": "gzip"}
                times = times_of_requests(url + path, sent, connections)
                cells = f"{len(times) / SECONDS:.0f} | {middle_and_slowest(times)}"
                print(f"| {workers} × {threads} | {connections} | {name} | {cells} |", flush=True)
    print()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def middle_and_slowest(times: list[float]) -> str:
    percentiles = quantiles(times, n=100, method="inclusive")
    return f"{percentiles[49]:.1f} | {percentiles[98]:.1f}"


def times_of_requests(url: str, headers: dict[str, str], connections: int) -> list[float]:
    """Return the milliseconds of all requests that are answered within SECONDS."""
    begin = perf_counter() + WARM_UP

    def ask(_: int) -> list[float]:
        with closing(http.client.HTTPConnection(urlsplit(url).netloc)) as connection:
            return list(ask_until(begin, connection, url, headers))

    with ThreadPoolExecutor(connections) as pool:
        return [time for times in pool.map(ask, range(connections)) for time in times]


def ask_until(
    begin: float, connection: http.client.HTTPConnection, url: str, headers: dict[str, str]
) -> Iterator[float]:
    path = urlsplit(url).path
    while (sent := perf_counter()) < begin + SECONDS:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        # A partial redirects with a header and status 200.
        if response.status != 200 or response.headers["HX-Redirect"]:
            raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
        if begin <= (now := perf_counter()) < begin + SECONDS:
            yield 1000 * (now - sent)
