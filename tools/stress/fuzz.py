"""Send hostile requests to every URL; none may lead to a server error.

N is the number of requests, 20,000 by default. SEED repeats the requests of an earlier run.
"""

import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from images.models import Image
from people.models import Contact
from stream.models import Action
from testing.url_patterns import url_patterns
from tools.servers.site import serving_process
from tools.stress.corpus import CORPUS
from tools.stress.hostile_requests import Fuzzer
from tools.stress.raw_http import send
from tools.stress.slow_requests import Cost, FieldProber, report_costs

THREADS = 6
BATCH = 200
# For every 50 requests, the cost of a long text in a field of a form is measured.
FIELDS = 50
MODELS = Image, Action, User, Contact, EmailAddress
# No response may show paths of the server or a traceback.
SECRETS = [b"Traceback", b'File "', b"site-packages", bytes(settings.BASE_DIR)]
SECRETS += [settings.MEDIA_ROOT.encode()]


def main() -> None:
    """Send the requests, and print the number of responses of each kind."""
    count = int(os.environ.get("N", "20000"))
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    print(f"{count:,} hostile requests on {connection.vendor}, SEED={seed}")
    routes = url_patterns()
    corpus = ", ".join(f"{len(values)} {kind}" for kind, values in CORPUS.items())
    print(f"made of {len(routes)} URLs, {corpus}")
    run = Run(routes)
    with (
        Path(os.environ["FOLDER"], "log").open("w") as log,
        serving_process(log) as (server, url),
    ):
        host = urlsplit(url).netloc
        run.send_all(host, count, seed)
        costs = measure_fields(host, server.pid, routes, Random(seed), count // FIELDS)
    run.report()
    run.faults += report_costs(costs)
    for cost in costs:
        if fault := fault_of(cost.response):
            run.faults.append(f"{fault}\n{cost.description}\n{cost.response[:600]!r}")
    if run.faults:
        log_text = Path(os.environ["FOLDER"], "log").read_text()
        error = log_text.partition("Internal Server Error")[2]
        sys.exit("\n\n".join([*run.faults[:5], error[:8000]]))


@dataclass
class Run:
    """The requests that were sent, and the faults of their responses."""

    routes: list[str]
    requests: Counter[str] = field(default_factory=Counter)
    responses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0

    def send_all(self, host: str, count: int, seed: int) -> None:
        """Send hostile requests in batches, and stop after a batch with faults."""
        start = time.monotonic()
        with ThreadPoolExecutor(THREADS) as threads:
            for batch in range(0, count, BATCH):
                fuzzer = Fuzzer(
                    Random(seed + batch), self.routes, keys(), usernames(), sessions(), host
                )
                requests = [fuzzer.request() for _ in range(min(BATCH, count - batch))]
                results = threads.map(lambda request: send(host, request[1]), requests)
                for (route, request), response in zip(requests, results, strict=True):
                    self.add(route, request, response)
                if self.faults:
                    break
        self.seconds = time.monotonic() - start

    def add(self, route: str, request: bytes, response: bytes) -> None:
        self.requests[route] += 1
        status = response[9:12].decode("latin-1") or "none"
        self.responses[f"{status[0]}xx" if status[0].isdigit() else status] += 1
        if fault := fault_of(response):
            self.faults.append(f"{fault}\n{request[:600]!r}\n{response[:600]!r}")

    def report(self) -> None:
        """Print the counts. If a long run has missed a URL, that is a fault."""
        total = self.requests.total()
        print(f"{total:,} requests to {len(self.requests)} URLs in {self.seconds:.0f} seconds:")
        print(", ".join(f"{number:,} {kind}" for kind, number in sorted(self.responses.items())))
        missed = set(self.routes) - set(self.requests)
        if missed and total > 50 * len(self.routes):
            self.faults.append(f"Never requested: {missed}")


def fault_of(response: bytes) -> str:
    """Return the fault of a response, or an empty text."""
    if not re.match(rb"HTTP/1\.[01] [1-5]\d\d ", response):
        return "This is not an HTTP response."
    if response[9:10] == b"5":
        return "This is a server error."
    shown = [secret for secret in SECRETS if secret in response]
    return f"This shows {shown}." if response[9:10] == b"4" and shown else ""


def measure_fields(
    host: str, group: int, routes: list[str], random: Random, count: int
) -> list[Cost]:
    """Send long texts to fields of forms, one at a time, and return their costs."""
    firsts = [model.objects.order_by("pk").first() for model in MODELS]
    prober = FieldProber(host, group, random, sessions()[::2])
    for route in routes:
        prober.add_forms(route, [str(first.pk) for first in firsts if first], "demo")
    costs = []
    for number, cost in enumerate(prober.costs(count)):
        costs.append(cost)
        if number % 20 == 0:
            # A request may have signed a user out, or deleted one.
            prober.sessions = sessions()[::2]
    return costs


def keys() -> list[str]:
    """Return primary keys of existing objects."""
    return [str(pk) for model in MODELS for pk in model.objects.values_list("pk", flat=True)[:9]]


def usernames() -> list[str]:
    """Return existing usernames."""
    return [user.get_username() for user in User.objects.all()[:20]]


def sessions() -> list[str]:
    """Return session keys: an invalid one, two of a user and two of a staff member."""
    keys = ["x" * 32]
    for name, is_staff in ("fuzz-user", False), ("fuzz-staff", True):
        user, _ = User.objects.get_or_create(username=name)
        User.objects.filter(pk=user.pk).update(
            is_active=True, is_staff=is_staff, is_superuser=is_staff
        )
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        keys += [client.cookies[settings.SESSION_COOKIE_NAME].value] * 2
    return keys
