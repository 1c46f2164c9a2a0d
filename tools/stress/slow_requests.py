"""The CPU time that a costly text in each field of each form takes."""

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

from testing.long_texts import ACCEPTED_BYTES, COSTLY_TEXTS, REFUSED_BYTES, repeated
from testing.page_forms import PageForm, forms_of
from tools.stress.client import CSRF_TOKEN
from tools.stress.raw_http import request_bytes, send

# Seconds of CPU for a request: the goal, and the limit.
GOAL, LIMIT = 0.3, 1.0
ROLES = SIGNED_OUT, SIGNED_IN, STAFF = range(3)


class Cost(NamedTuple):
    """The seconds of CPU that a text in a field took."""

    seconds: float
    field: str
    text: str
    response: bytes

    @property
    def description(self) -> str:
        return f"{self.text} in {self.field}"


def report_costs(costs: list[Cost]) -> list[str]:
    """Print the slowest field, and return a line for each field that is too slow."""
    fields = len({cost.field for cost in costs})
    slowest = max(costs)
    print(f"{len(costs):,} long texts in {fields} form fields, one at a time; the slowest took")
    print(f"{slowest.seconds:.2f} s of CPU (goal: {GOAL}): {slowest.description}")
    slow = [cost for cost in costs if cost.seconds > LIMIT]
    return [f"This took {cost.seconds:.2f} s of CPU: {cost.description}" for cost in slow]


@dataclass
class FieldProber:
    """Sends long texts to the fields of the forms of a site, one at a time."""

    host: str
    # The process group of the server.
    group: int
    random: Random
    # Session keys by role; the one of SIGNED_OUT is not valid.
    sessions: list[str]
    forms: dict[tuple[str, ...], tuple[int, PageForm]] = field(default_factory=dict)

    def add_forms(self, route: str, keys: list[str], username: str) -> None:
        """Add the forms of a route's page, opened with the first key that works."""
        for role in ROLES:
            for key in keys:
                url = re.sub("<[^>]+>", key, route.replace("<username>", username))
                head, _, page = self.send("GET", url, role).partition(b"\r\n\r\n")
                if re.match(rb"HTTP/1\.1 200 .*text/html", head, re.DOTALL):
                    for form in forms_of(page.decode(), url):
                        self.forms[form.kind] = role, form
                    break

    def costs(self, count: int) -> Iterator[Cost]:
        """Yield the costs of `count` requests, spread evenly over the fields."""
        fields = [(role, form, name) for role, form in self.forms.values() for name in form.values]
        self.random.shuffle(fields)
        for role, form, name in islice(cycle(fields), count):
            unit = self.random.choice(COSTLY_TEXTS)
            data = form.values | {"csrfmiddlewaretoken": CSRF_TOKEN, name: repeated(unit, 1000)}
            url, body = form.url, urlencode(data)
            if form.method == "GET":
                url, body = f"{url}?{body}", ""
            else:
                size = self.random.choice(
                    [ACCEPTED_BYTES, ACCEPTED_BYTES, ACCEPTED_BYTES, REFUSED_BYTES]
                )
                body += "&" + urlencode({name: repeated(unit, size)})[:size]
            before = self.seconds()
            response = self.send(form.method, url, role, body)
            name_of_field = f"{name} of {form.method} {form.url}"
            yield Cost(self.seconds() - before, name_of_field, repr(unit), response)

    def send(self, method: str, url: str, role: int, body: str = "") -> bytes:
        headers = {"Host": self.host, "Connection": "close"}
        headers["Cookie"] = f"csrftoken={CSRF_TOKEN}; sessionid={self.sessions[role]}"
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
        return send(self.host, request_bytes(method, url, headers, body.encode()))

    def seconds(self) -> float:
        """Return the seconds of CPU that the server has used."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            # A process may end while its files are read.
            with suppress(OSError):
                # The name of the process, in brackets, may contain spaces.
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
