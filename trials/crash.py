"""Servers killed while people write, after which every write that was acknowledged is there.

ROUNDS is how many, 50 unless told.
"""

import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import connection
from django.shortcuts import resolve_url

from e2e.server import running
from images.models import Image, Like
from images.tests.files import noise, saved
from people.models import Contact
from trials.books import faults
from trials.member import Member

WRITERS = 6
OK = (200, 302, 303)


@dataclass
class Writer:
    """A member who likes, follows and uploads without a pause, and keeps what was acknowledged."""

    member: Member
    random: Random
    images: list[int]
    people: list[User]
    # What is so, or None while nobody knows.
    likes: dict[int, bool | None] = field(default_factory=dict)
    follows: dict[int, bool | None] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    count: int = 0
    failed: int = 0

    def write(self, host: str, is_over: Event) -> None:
        while not is_over.is_set():
            self.random.choice([self.like] * 4 + [self.follow] * 4 + [self.upload])(host)

    def like(self, host: str) -> None:
        image, wanted = self.random.choice(self.images), self.random.random() < 0.5
        action = "like" if wanted else "unlike"
        status = self.member.press(host, f"/images/{image}/like/", action)
        self.note(self.likes, image, wanted, status)

    def follow(self, host: str) -> None:
        person, wanted = self.random.choice(self.people), self.random.random() < 0.5
        action = "follow" if wanted else "unfollow"
        status = self.member.press(host, f"{resolve_url(person)}follow/", action)
        self.note(self.follows, person.pk, wanted, status)

    def note(self, of: dict[int, bool | None], key: int, wanted: bool, status: int) -> None:
        if status in OK:
            of[key] = wanted
            self.count += 1
        else:
            # It may have been done all the same.
            of[key] = None
            self.failed += status >= 500

    def upload(self, host: str) -> None:
        title = f"{self.member.user}-{self.random.getrandbits(64)}"
        picture = saved(noise(size=(400, 300), seed=self.random.getrandbits(32)), "PNG")
        status, address = self.member.bookmark(host, title, picture)
        if status in OK and address:
            self.titles.add(title)
            self.count += 1
        self.failed += status >= 500

    def lost(self) -> list[str]:
        """Say which acknowledged writes are not there."""
        user = self.member.user
        likes = set(Like.objects.filter(user=user).values_list("image", flat=True))
        follows = set(Contact.objects.filter(user_from=user).values_list("user_to", flat=True))
        titles = set(Image.objects.filter(user=user).values_list("title", flat=True))
        return [
            *wrong("like", self.likes, likes),
            *wrong("follow", self.follows, follows),
            *(f"image {title}" for title in self.titles - titles),
        ]


def wrong(what: str, wanted: dict[int, bool | None], there: set[int]) -> list[str]:
    return [f"{what} {key}" for key, so in wanted.items() if so not in {None, key in there}]


def main() -> None:
    """Kill the server again and again, and look after each time."""
    rounds = int(os.environ.get("ROUNDS", "50"))
    random = Random(1)
    images = list(Image.objects.values_list("pk", flat=True))
    people = list(User.objects.filter(is_active=True))
    writers = [
        Writer(Member(f"writer-{number}"), Random(number), images, people)
        for number in range(WRITERS)
    ]
    for number in range(rounds):
        load_and_kill(writers, random.uniform(0.2, 1.5))
        lost = [f"{writer.member.user}: {each}" for writer in writers for each in writer.lost()]
        if found := lost + list(faults()):
            sys.exit("\n".join([f"After round {number + 1}:", *found[:20]]))
    done = sum(writer.count for writer in writers)
    print(f"{rounds} rounds on {connection.vendor}: {done:,} acknowledged writes, 0 lost")
    if failed := sum(writer.failed for writer in writers):
        sys.exit(f"{failed} writes were answered by an error.")


def load_and_kill(writers: list[Writer], seconds: float) -> None:
    """Let all write for a while, and kill the server in the middle of it."""
    is_over = Event()
    with (
        Path(os.environ["FOLDER"], "log").open("a") as log,
        running(log) as (server, url),
    ):
        host = urlsplit(url).netloc
        threads = [Thread(target=writer.write, args=(host, is_over)) for writer in writers]
        for thread in threads:
            thread.start()
        is_over.wait(seconds)
        os.killpg(server.pid, signal.SIGKILL)
        is_over.set()
        for thread in threads:
            thread.join()
