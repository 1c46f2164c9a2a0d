"""Hostile requests to every URL, of which none may be answered by an error of the server's own.

N is how many; SEED makes the same ones again.
"""

import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random, SystemRandom
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from config.tests.patterns import patterns
from images.models import Image
from people.models import Contact
from stream.models import Action
from tools.servers.site import running
from tools.stress.hostile_requests import CORPUS, Fuzzer
from tools.stress.raw_http import send
from tools.stress.slow_requests import Cost, Prober, say_and_judge

THREADS = 6
BATCH = 200
# Of so many requests, one is a long text in a field of a form, whose cost is measured.
FIELDS = 50
MODELS = Image, Action, User, Contact, EmailAddress
# What no answer may show: where the code is, and what it was doing.
SECRETS = [b"Traceback", b'File "', b"site-packages", bytes(settings.BASE_DIR)]
SECRETS += [settings.MEDIA_ROOT.encode()]


def main() -> None:
    """Send the requests, and say how many were answered how."""
    count = int(os.environ.get("N", "20000"))
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    print(f"{count:,} hostile requests on {connection.vendor}, SEED={seed}")
    routes = patterns()
    corpus = ", ".join(f"{len(of_it)} {kind}" for kind, of_it in CORPUS.items())
    print(f"made of {len(routes)} URLs, {corpus}")
    answers: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    faults: list[str] = []
    started = time.monotonic()
    with (
        Path(os.environ["FOLDER"], "log").open("w") as log,
        running(log) as (server, url),
        ThreadPoolExecutor(THREADS) as threads,
    ):
        host = urlsplit(url).netloc
        for batch in range(0, count, BATCH):
            fuzzer = Fuzzer(Random(seed + batch), routes, keys(), names(), sessions(), host)
            requests = [fuzzer.request() for _ in range(min(BATCH, count - batch))]
            results = threads.map(lambda request: send(host, request[1]), requests)
            for (route, request), answer in zip(requests, results, strict=True):
                asked[route] += 1
                status = answer[9:12].decode("latin-1") or "none"
                answers[f"{status[0]}xx" if status[0].isdigit() else status] += 1
                if fault := what_is_wrong(answer):
                    faults.append(f"{fault}\n{request[:600]!r}\n{answer[:600]!r}")
            if faults:
                break
        seconds = time.monotonic() - started
        costs = probe(host, server.pid, routes, Random(seed), count // FIELDS)
    print(f"{asked.total():,} requests to {len(asked)} URLs in {seconds:.0f} seconds, answered by")
    print(", ".join(f"{number:,} {kind}" for kind, number in sorted(answers.items())))
    faults += say_and_judge(costs)
    for cost in costs:
        if fault := what_is_wrong(cost.answer):
            faults.append(f"{fault}\n{cost.what}\n{cost.answer[:600]!r}")
    if len(asked) < len(routes) and asked.total() > 50 * len(routes):
        faults.append(f"Never asked: {set(routes) - set(asked)}")
    if faults:
        said = Path(os.environ["FOLDER"], "log").read_text().partition("Internal Server Error")[2]
        sys.exit("\n\n".join([*faults[:5], said[:8000]]))


def what_is_wrong(answer: bytes) -> str:
    """Say what no answer may be."""
    if not re.match(rb"HTTP/1\.[01] [1-5]\d\d ", answer):
        return "This is no answer."
    if answer[9:10] == b"5":
        return "This is an error of the server's own."
    shown = [secret for secret in SECRETS if secret in answer]
    return f"This shows {shown}." if answer[9:10] == b"4" and shown else ""


def probe(host: str, group: int, routes: list[str], random: Random, count: int) -> list[Cost]:
    """Send long texts to fields of forms, one at a time; returns what they cost the server."""
    firsts = [model.objects.order_by("pk").first() for model in MODELS]
    prober = Prober(host, group, random, sessions()[::2])
    for route in routes:
        prober.find(route, [str(first.pk) for first in firsts if first], "demo")
    costs = []
    for number, cost in enumerate(prober.costs(count)):
        costs.append(cost)
        if number % 20 == 0:
            # Somebody has signed out, or was deleted.
            prober.sessions = sessions()[::2]
    return costs


def keys() -> list[str]:
    """Return some keys of what there is."""
    return [str(pk) for model in MODELS for pk in model.objects.values_list("pk", flat=True)[:9]]


def names() -> list[str]:
    """Return the usernames of some who are there."""
    return [user.get_username() for user in User.objects.all()[:20]]


def sessions() -> list[str]:
    """Return sessions of a member, of one of the staff, and one that there is not."""
    keys = ["x" * 32]
    for name, is_staff in ("fuzz-member", False), ("fuzz-staff", True):
        user, _ = User.objects.get_or_create(username=name)
        User.objects.filter(pk=user.pk).update(
            is_active=True, is_staff=is_staff, is_superuser=is_staff
        )
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        keys += [client.cookies[settings.SESSION_COOKIE_NAME].value] * 2
    return keys
