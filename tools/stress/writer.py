"""Members who write without a pause, and know which of it was acknowledged."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event, Thread

from django.contrib.auth.models import User
from django.shortcuts import resolve_url

from images.models import Image, Like
from people.models import Contact
from testing.image_files import noise, saved
from tools.stress.client import Member


@dataclass
class Writer:
    """A member who likes, follows, uploads and reads, and keeps what was answered."""

    member: Member
    random: Random
    images: list[Image]
    people: list[User]
    # What is so, or None while nobody knows.
    likes: dict[int, bool | None] = field(default_factory=dict)
    follows: dict[int, bool | None] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    acknowledged: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def write(self, host: str, is_over: Event) -> None:
        # Where there is no server, do not ask all the time.
        while not is_over.wait(0.003):
            tasks = [self.like] * 4 + [self.follow] * 4 + [self.upload, self.read]
            self.random.choice(tasks)(host)

    def like(self, host: str) -> None:
        image, wanted = self.random.choice(self.images), self.random.random() < 0.5
        action = "like" if wanted else "unlike"
        status, _ = self.member.press(host, f"/images/{image.pk}/like/", action)
        # It may have been done although nobody said so.
        self.likes[image.pk] = wanted if self.is_done(status) else None

    def follow(self, host: str) -> None:
        person, wanted = self.random.choice(self.people), self.random.random() < 0.5
        action = "follow" if wanted else "unfollow"
        status, _ = self.member.press(host, f"{resolve_url(person)}follow/", action)
        self.follows[person.pk] = wanted if self.is_done(status) else None

    def upload(self, host: str) -> None:
        title = f"{self.member.user}-{self.random.getrandbits(64)}"
        picture = saved(noise(size=(400, 300), seed=self.random.getrandbits(32)), "PNG")
        status = self.member.bookmark(host, title, picture)
        # Only so many can upload at once; the others are asked to send it again.
        if status != HTTPStatus.SERVICE_UNAVAILABLE and self.is_done(status):
            self.titles.add(title)

    def read(self, host: str) -> None:
        path = resolve_url(self.random.choice([*self.images, *self.people]))
        self.statuses[self.member.read(host, path)[0]] += 1

    def is_done(self, status: int) -> bool:
        """Say whether a write was acknowledged, and count it."""
        self.statuses[status] += 1
        self.acknowledged += status == 303
        return status == 303

    def lost(self) -> list[str]:
        """Say which acknowledged writes are not there."""
        user = self.member.user
        likes = set(Like.objects.filter(user=user).values_list("image", flat=True))
        follows = set(Contact.objects.filter(user_from=user).values_list("user_to", flat=True))
        titles = set(Image.objects.filter(user=user).values_list("title", flat=True))
        lost = [
            *wrong("like", self.likes, likes),
            *wrong("follow", self.follows, follows),
            *(f"image {title}" for title in self.titles - titles),
        ]
        return [f"{user}: {each}" for each in lost]


def wrong(what: str, wanted: dict[int, bool | None], there: set[int]) -> list[str]:
    return [f"{what} {key}" for key, so in wanted.items() if so not in {None, key in there}]


class Writers(list[Writer]):
    """Several, who write to one site."""

    def __init__(self, number: int) -> None:
        images = list(Image.objects.all())
        members = [Member(f"writer-{seed}") for seed in range(number)]
        # Nobody can follow oneself.
        people = list(User.objects.exclude(pk__in=[member.user.pk for member in members]))
        super().__init__(
            Writer(member, Random(seed), images, people) for seed, member in enumerate(members)
        )

    @contextmanager
    def writing(self, host: str) -> Iterator[None]:
        """Let all write in the meantime."""
        is_over = Event()
        threads = [Thread(target=writer.write, args=(host, is_over)) for writer in self]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def lost(self) -> list[str]:
        return [each for writer in self for each in writer.lost()]

    @property
    def acknowledged(self) -> int:
        return sum(writer.acknowledged for writer in self)

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered."""
        return sum((writer.statuses for writer in self), Counter[int]())
