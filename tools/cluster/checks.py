"""Check data and pages after a lost part is back."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.core.mail import EmailMessage
from django.db import connections
from django.shortcuts import resolve_url
from django_ox.models import OxTask

from images.models import Image
from people.models import Profile
from tools.stress.clicks import follow_button, like_button, wrong_counts
from tools.stress.client import SignedInClient
from tools.stress.consistency import faults
from tools.stress.mailbox import received
from tools.stress.workers import wait_for_end
from tools.stress.writer import Writers

PATHS = ["/", "/stream/", "/images/", "/people/", "/suggestions/", "/notifications/", "/settings/"]
# How many people and images to look at.
SAMPLE = 3


class Mails:
    """Mails that workers have to send, whatever happens to them."""

    def __init__(self) -> None:
        self.recipients: set[str] = set()

    def queue(self, count: int) -> None:
        # A failover has closed the connections of this process, too.
        connections.close_all()
        for _ in range(count):
            recipient = f"number-{len(self.recipients)}@example.org"
            EmailMessage("A bird", "Chirp.", to=[recipient]).send()
            self.recipients.add(recipient)

    def lost(self) -> list[str]:
        arrived = {to for to, _ in received(Path(os.environ["FOLDER"], "mails"))}
        return [f"mail to {recipient}" for recipient in sorted(self.recipients - arrived)]


def lost_acts(writers: Writers, mails: Mails) -> list[str]:
    """Return what was acknowledged and is not there, after all tasks have run."""
    connections.close_all()
    wait_for_end()
    return [*writers.lost_writes(), *mails.lost()]


def wrong_data_and_pages(host: str) -> Iterator[str]:
    """Yield a line for each fault in rows and files, and for each page that is wrong."""
    yield from faults()
    left = OxTask.objects.exclude(status=OxTask.Status.SUCCESSFUL)
    yield from (f"The task {task.task_path} is {task.status}" for task in left[:SAMPLE])
    viewer = SignedInClient("viewer")
    images = list(Image.objects.order_by("-pk")[:SAMPLE])
    people = [profile.user for profile in Profile.objects.order_by("pk")[:SAMPLE]]
    for path in [*PATHS, *map(resolve_url, [*images, *people])]:
        status, _ = viewer.get(host, path)
        if status != 200:
            yield f"{path} is answered with {status}"
    yield from wrong_counts(host, [*map(like_button, images), *map(follow_button, people)])
