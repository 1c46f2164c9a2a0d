"""Kill workers while people write, and check that every task that was acknowledged runs.

A quarter of ROUNDS is the number of times, 12 by default.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from django_ox.models import OxTask

from home.digest import enqueue_digests
from images.models import Image
from people.models import Contact, Profile
from testing.people import create_users
from tools.servers.site import ROOT, serving_process
from tools.stress.consistency import faults
from tools.stress.mailbox import received
from tools.stress.writer import Writers

WRITERS = 3
# Each round, so many people choose the weekly mail, and so many other mails are queued.
PEOPLE, MAILS = 12, 60
# A worker runs this many tasks at once, so a crash may repeat so many mails.
CONCURRENCY = 2
# Seconds within which all tasks have to end.
PATIENCE = 300
WORKER = [sys.executable, "manage.py", "worker", "--lock-timeout", "2"]
PENDING = (OxTask.Status.READY, OxTask.Status.RUNNING)


def main() -> None:
    rounds = max(1, int(os.environ.get("ROUNDS", "50")) // 4)
    folder = Path(os.environ["FOLDER"])
    subscribers = make_subscribers(rounds)
    writers, others = Writers(WRITERS), set()
    random = Random(1)
    with (folder / "log").open("a") as log, serving_process(log) as (_, url):
        for number in range(rounds):
            subscribe(subscribers[number * PEOPLE : (number + 1) * PEOPLE])
            others |= queue_mails(number)
            with writers.keep_writing(urlsplit(url).netloc), working(log) as worker:
                started = OxTask.objects.filter(attempts__gt=0).count()
                wait_for_work(worker, started)
                time.sleep(random.uniform(0, 1.5))
        with working(log):
            wait_for_end()
    report(rounds, writers, others, subscribers)


def make_subscribers(rounds: int) -> list[Profile]:
    """Make people who follow somebody with images, which were all saved last week."""
    Image.objects.update(created=timezone.now() - timedelta(days=7))
    people = create_users(rounds * PEOPLE)
    followed = Image.objects.order_by("pk")[0].user
    for person in people:
        Contact.objects.follow(person, followed)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=f"{person}@example.org", primary=True, verified=True)
        for person in people
    )
    return list(Profile.objects.filter(user__in=people).select_related("user").order_by("pk"))


def subscribe(people: list[Profile]) -> None:
    Profile.objects.filter(pk__in=[person.pk for person in people]).update(weekly_digest=True)
    enqueue_digests.enqueue()


def queue_mails(number: int) -> set[str]:
    recipients = {f"round-{number}-{each}@example.org" for each in range(MAILS)}
    for recipient in recipients:
        EmailMessage("A bird", "Chirp.", to=[recipient]).send()
    return recipients


@contextmanager
def working(log: object) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker, and kill it with its decoders at the end."""
    with subprocess.Popen(
        WORKER,
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,  # type: ignore[call-overload]
    ) as worker:
        try:
            yield worker
        finally:
            os.killpg(worker.pid, signal.SIGKILL)


def wait_for_work(worker: "subprocess.Popen[bytes]", started: int) -> None:
    until = time.monotonic() + 60
    while OxTask.objects.filter(attempts__gt=0).count() == started:
        if worker.poll() is not None or time.monotonic() > until:
            sys.exit("The worker did not begin to work.")
        time.sleep(0.05)


def wait_for_end() -> None:
    until = time.monotonic() + PATIENCE
    while OxTask.objects.filter(status__in=PENDING).exists() and time.monotonic() < until:
        time.sleep(0.2)


def report(rounds: int, writers: Writers, others: set[str], subscribers: list[Profile]) -> None:
    mails = received(Path(os.environ["FOLDER"], "mails"))
    digests = {f"{person.user}@example.org" for person in subscribers}
    asked = others | {mail for writer in writers for mail in writer.mails}
    recipients = Counter(to for to, _ in mails)
    found = [f"mail to {to} is lost" for to in sorted((asked | digests) - recipients.keys())]
    found += [f"{to} got {n} different mails" for to, n in recipients.items() if n > 1]
    again = sum(mails.values()) - len(mails)
    if again > rounds * CONCURRENCY:
        found.append(f"{again} mails were sent again")
    states = Counter(OxTask.objects.values_list("status", flat=True))
    found += [f"{n} tasks are {state}" for state, n in states.items() if state != "SUCCESSFUL"]
    if found := found + writers.lost_writes() + list(faults()):
        sys.exit("\n".join([f"After {rounds} workers were killed:", *found[:20]]))
    tries = OxTask.objects.filter(attempts__gt=1).count()
    print(
        f"{rounds} workers killed on {connection.vendor}: {states['SUCCESSFUL']:,} tasks, 0 lost,"
    )
    print(f"{tries} run again; {len(asked):,} mails and {len(digests):,} weekly mails, 0 lost,")
    print(f"{again} sent again under the same Message-ID")
