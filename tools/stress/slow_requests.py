"""What each field of each form takes of the server, when it is sent what costs most."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode

from config.tests.forms import PageForm, forms_of
from config.tests.long_texts import MOST, TOO_MUCH, WORST, long
from tools.stress.hostile_requests import TOKEN
from tools.stress.raw_http import request_bytes, send

# Seconds of CPU: what a request should take at most, and what is a fault.
GOAL, MOST_CPU = 0.3, 1.0
ROLES = STRANGER, MEMBER, STAFF = range(3)


class Cost(NamedTuple):
    """What a field took of the server, in seconds of CPU."""

    seconds: float
    place: str
    text: str
    answer: bytes

    @property
    def what(self) -> str:
        return f"{self.text} in {self.place}"


def say_and_judge(costs: list[Cost]) -> list[str]:
    """Print the slowest of some fields; returns those that are too slow."""
    fields = len({cost.place for cost in costs})
    slowest = max(costs)
    print(f"{len(costs):,} long texts in {fields} fields of forms, one at a time; the slowest took")
    print(f"{slowest.seconds:.2f} s of CPU (goal: {GOAL}): {slowest.what}")
    slow = [cost for cost in costs if cost.seconds > MOST_CPU]
    return [f"This took {cost.seconds:.2f} s of CPU: {cost.what}" for cost in slow]


@dataclass
class Prober:
    """Sends long texts to the fields of the forms of a site, one at a time."""

    host: str
    # The process group of the server.
    group: int
    random: Random
    # The sessions of a stranger, who has none, of a member and of one of the staff.
    sessions: list[str]
    forms: dict[tuple[str, ...], tuple[int, PageForm]] = field(default_factory=dict)

    def find(self, route: str, keys: list[str], name: str) -> None:
        """Take note of the forms of a route's page, with the first of `keys` that leads to one."""
        for role in ROLES:
            for key in keys:
                url = re.sub("<[^>]+>", key, route.replace("<username>", name))
                head, _, page = self.send("GET", url, role).partition(b"\r\n\r\n")
                if re.match(rb"HTTP/1\.1 200 .*text/html", head, re.DOTALL):
                    for form in forms_of(page.decode(), url):
                        self.forms[form.kind] = role, form
                    break

    def costs(self, count: int) -> Iterator[Cost]:
        """Yield what `count` fields cost, each of them as often as any other."""
        places = [(role, form, name) for role, form in self.forms.values() for name in form.filled]
        self.random.shuffle(places)
        for role, form, name in islice(cycle(places), count):
            unit = self.random.choice(WORST)
            data = form.filled | {"csrfmiddlewaretoken": TOKEN, name: long(unit, 1000)}
            url, body = form.url, urlencode(data)
            if form.method == "GET":
                url, body = f"{url}?{body}", ""
            else:
                size = self.random.choice([MOST, MOST, MOST, TOO_MUCH])
                body += "&" + urlencode({name: long(unit, size)})[:size]
            before = self.seconds()
            answer = self.send(form.method, url, role, body)
            place = f"{name} of {form.method} {form.url}"
            yield Cost(self.seconds() - before, place, repr(unit), answer)

    def send(self, method: str, url: str, role: int, body: str = "") -> bytes:
        headers = {"Host": self.host, "Connection": "close"}
        headers["Cookie"] = f"csrftoken={TOKEN}; sessionid={self.sessions[role]}"
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
        return send(self.host, request_bytes(method, url, headers, body.encode()))

    def seconds(self) -> float:
        """Return how long the server has been at work, in seconds of CPU."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            # Others may end at any time.
            with suppress(OSError):
                # The name of a process, which comes first, may hold anything.
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
