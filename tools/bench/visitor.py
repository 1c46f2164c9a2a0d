"""Make the requests of the growth table, and say how long each took.

`python -m tools.bench.visitor SCALE` answers each line on standard input, such as `8 gallery` for
eight requests of that visit, with one line of JSON.
"""

import json
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from time import clock_gettime, perf_counter, process_time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from tools.bench.prepare import prepare
from tools.bench.town import Town
from tools.bench.visits import OPPOSITES, Visit, visits

# Stop after this many milliseconds, even if fewer requests were made.
BUDGET = 250.0
LINK = re.compile(r"<a\b[^>]*>")
HREF = re.compile(r'\shref="([^"]*)"')


class Visitor:
    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}
        # The path of each visit's page, and the page's number, as lists may end earlier.
        self.places: dict[str, tuple[str, int]] = {}
        self.unit, self.clock = unit_and_clock()

    def answer(self, visit: Visit, count: int) -> dict[str, Any]:
        """Return the times of up to `count` requests, their unit, and the number of the page."""
        if visit.name not in self.places:
            self.places[visit.name] = self.place_of(visit)
            self.milliseconds(visit)
        times: list[float] = []
        while len(times) < count and sum(times) < BUDGET:
            times.append(self.milliseconds(visit))
        unit = f"{connection.display_name}, {self.unit}"
        return {"times": times, "unit": unit, "page": self.places[visit.name][1]}

    def place_of(self, visit: Visit) -> tuple[str, int]:
        """Follow the links to the next page, and return the path of the last one and its number."""
        paths = [visit.path]
        while len(paths) < visit.page:
            path = next_page(self.request(visit, paths[-1]))
            if not path:
                # The last page of a list is shorter than the others.
                paths = paths[:-1] or paths
                break
            paths.append(path)
        return paths[-1], len(paths)

    def milliseconds(self, visit: Visit) -> float:
        path, _ = self.places.get(visit.name, (visit.path, 1))
        if visit.action:
            # Undo it first, so that there is something to do.
            self.request(visit._replace(action=OPPOSITES[visit.action]), path)
        begin = self.clock()
        html = self.request(visit, path)
        time = 1000 * (self.clock() - begin)
        if visit.action and f'name="action" value="{OPPOSITES[visit.action]}"' not in html:
            raise RuntimeError(f"{visit.name}: the answer does not offer to undo it")
        return time

    def request(self, visit: Visit, path: str) -> str:
        headers = {"hx-request": "true"} if visit.is_htmx else {}
        client = self.client_of(visit.user)
        if visit.action:
            response = client.post(path, {"action": visit.action}, headers=headers)
        else:
            response = client.get(path, headers=headers)
        # A partial redirects with a header and status 200.
        if response.status_code != 200 or "HX-Redirect" in response.headers:
            raise RuntimeError(f"{visit.name}: {path} answered {response.status_code}")
        return response.text

    def client_of(self, user: int) -> Client:
        if user not in self.clients:
            from django.contrib.auth.models import User

            client = Client(headers={"host": settings.SITE_HOST})
            client.force_login(User.objects.get(pk=user))
            self.clients[user] = client
        return self.clients[user]


def unit_and_clock() -> tuple[str, Callable[[], float]]:
    """Return a clock for the CPU time of this process and of the database's, or for wall time.

    The SQLite library runs in this process. A PostgreSQL server may run on another machine.
    """
    if connection.vendor == "sqlite":
        return "CPU ms", process_time
    with connection.cursor() as cursor:
        # One process does all the work.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        pid = connection.connection.info.backend_pid
    command = Path(f"/proc/{pid}/cmdline")
    if not command.exists() or connection.settings_dict["NAME"] not in command.read_text():
        return "wall ms", perf_counter
    # The number of another process's clock, as clock_getcpuclockid(3) makes it on Linux.
    return "CPU ms", lambda: process_time() + clock_gettime(~pid << 3 | 2)


def next_page(html: str) -> str:
    """Return the path of the link with rel="next", empty on the last page."""
    for link in LINK.findall(html):
        if 'rel="next"' in link and (href := HREF.search(link)):
            return unescape(href[1])
    return ""


def main(scale: str) -> None:
    prepare(Town(float(scale)))
    visitor, named = Visitor(), {visit.name: visit for visit in visits()}
    for line in sys.stdin:
        count, name = line.strip().split(" ", 1)
        print(json.dumps(visitor.answer(named[name], int(count))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
