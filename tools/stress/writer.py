"""Clients that write without a pause and remember which writes were acknowledged."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.shortcuts import resolve_url

from images.models import Image, Like
from people.models import Contact
from testing.image_files import encode, noise
from tools.stress.client import SignedInClient
from tools.stress.load import load
from tools.stress.mailbox import queued_or_sent


@dataclass
class Writer:
    """Likes, follows, uploads and reads, and remembers the responses."""

    client: SignedInClient
    random: Random
    images: list[Image]
    people: list[User]
    # Seconds between requests, so that writers do not use all CPU while the server is down.
    pause: float = 0.003
    # Whether to ask for mail, too. Only so many people may do so from one address.
    asks_for_mail: bool = True
    # The last acknowledged state of each image and person, None where it is unknown.
    likes: dict[int, bool | None] = field(default_factory=dict)
    follows: dict[int, bool | None] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    # The addresses to which a mail was asked for.
    mails: set[str] = field(default_factory=set)
    acknowledged: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def write(self, host: str, is_over: Event) -> None:
        tasks = [self.like] * 4 + [self.follow] * 4 + [self.upload, self.read]
        # Without a worker, no mail waits in the database.
        if self.asks_for_mail and settings.HAS_WORKER:
            tasks.append(self.reset)
        while not is_over.wait(self.pause):
            self.random.choice(tasks)(host)

    def like(self, host: str) -> None:
        image, wanted = self.random.choice(self.images), self.random.random() < 0.5
        action = "like" if wanted else "unlike"
        status, _ = self.client.post_action(host, f"/images/{image.pk}/like/", action)
        # A write without a response may have been committed or not.
        self.likes[image.pk] = wanted if self.is_acknowledged(status) else None

    def follow(self, host: str) -> None:
        person, wanted = self.random.choice(self.people), self.random.random() < 0.5
        action = "follow" if wanted else "unfollow"
        status, _ = self.client.post_action(host, f"{resolve_url(person)}follow/", action)
        self.follows[person.pk] = wanted if self.is_acknowledged(status) else None

    def upload(self, host: str) -> None:
        title = f"{self.client.user}-{time.monotonic_ns()}"
        file = new_picture()
        status = self.client.save_image(host, title, file)
        # A busy site answers 503 and expects the client to try again.
        if status != HTTPStatus.SERVICE_UNAVAILABLE and self.is_acknowledged(status):
            self.titles.add(title)

    def reset(self, host: str) -> None:
        email = f"{self.client.user}-{time.monotonic_ns()}@example.org"
        status, _ = self.client.post(host, "/accounts/password/reset/", {"email": email})
        # allauth redirects with another status than Magpie.
        if self.is_acknowledged(303 if status == HTTPStatus.FOUND else status):
            self.mails.add(email)

    def read(self, host: str) -> None:
        path = resolve_url(self.random.choice([*self.images, *self.people]))
        self.statuses[self.client.get(host, path)[0]] += 1

    def is_acknowledged(self, status: int) -> bool:
        """Count a response, and return whether it acknowledges a write."""
        self.statuses[status] += 1
        self.acknowledged += status == 303
        return status == 303

    def lost_writes(self) -> list[str]:
        """Return the acknowledged writes that are not in the database."""
        user = self.client.user
        likes = set(Like.objects.filter(user=user).values_list("image", flat=True))
        follows = set(Contact.objects.filter(user_from=user).values_list("user_to", flat=True))
        titles = set(Image.objects.filter(user=user).values_list("title", flat=True))
        lost = [
            *lost_states("like", self.likes, likes),
            *lost_states("follow", self.follows, follows),
            *(f"image {title}" for title in self.titles - titles),
            *(f"mail to {email}" for email in self.mails and self.mails - queued_or_sent()),
        ]
        return [f"{user}: {each}" for each in lost]


def new_picture() -> bytes:
    """Return a PNG file unlike any before it, as the form asks about pictures that somebody has.

    It has coarse blocks, because the small versions of fine noise are all nearly the same grey.
    """
    coarse = noise(size=(40, 30), seed=time.monotonic_ns())
    return encode(coarse.resize((400, 300)), "PNG")


def lost_states(name: str, states: dict[int, bool | None], stored: set[int]) -> list[str]:
    """Return a line for each key whose acknowledged state differs from the stored one."""
    return [f"{name} {key}" for key, state in states.items() if state not in {None, key in stored}]


class Writers(list[Writer]):
    """Several writers to one site."""

    def __init__(
        self,
        number: int,
        make_client: Callable[[str], SignedInClient] = SignedInClient,
        **options: Any,
    ) -> None:
        images = list(Image.objects.all())
        clients = [make_client(f"writer-{seed}") for seed in range(number)]
        # Nobody can follow themselves.
        people = list(User.objects.exclude(pk__in=[client.user.pk for client in clients]))
        super().__init__(
            Writer(client, Random(seed), images, people, **options)
            for seed, client in enumerate(clients)
        )

    def keep_writing(self, host: str) -> AbstractContextManager[None]:
        """Let all writers write for as long as the block runs."""
        return load((writer.write for writer in self), host)

    def lost_writes(self) -> list[str]:
        return [write for writer in self for write in writer.lost_writes()]

    @property
    def acknowledged(self) -> int:
        return sum(writer.acknowledged for writer in self)

    @property
    def statuses(self) -> Counter[int]:
        """Return the number of responses with each status."""
        return sum((writer.statuses for writer in self), Counter[int]())
