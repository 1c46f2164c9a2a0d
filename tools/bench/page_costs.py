"""Measure pages of the checkout whose folder is current, which may be older than this file.

It makes a small site through models. Then it answers lines on standard input, such as `gallery 20`,
with one line of JSON: the time of each of 20 requests, and the size of the page. It imports nothing
from this folder, because the checkout may not have it.
"""

import gzip
import json
import os
import sys
from datetime import timedelta
from random import Random
from time import process_time
from typing import Any, NamedTuple

# The application as a server loads it. Models can be imported only after it.
import config.wsgi  # noqa: F401

# isort: split
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import timezone

from images.files import ImageFile
from images.models import Image
from people.models import Contact, Profile
from stream.models import Action

PEOPLE = IMAGES = 60
SIZES = [(900, 600), (640, 480), (300, 900), (1600, 900), (2400, 1800), (1080, 1080)]
WORDS = "A heron by the old canal at first light, before the town wakes".split()


def make_people() -> list[User]:
    """Make people with names, and photos for most of them."""
    names = "Amara Bruno Chiara Dmitri Elif Farid Greta Hana Ines Jonas".split()
    people = [
        User.objects.create_user(
            f"person-{number}",
            email=f"person-{number}@example.org",
            first_name=names[number % len(names)],
            last_name=f"Lindqvist {number}",
        )
        for number in range(PEOPLE)
    ]
    for number, profile in enumerate(Profile.objects.order_by("pk")):
        if number % 10:
            Profile.objects.filter(pk=profile.pk).update(photo=f"people/{number:032x}.webp")
    return people


def save_image(number: int, user: User, random: Random) -> Image:
    """Save an image of which there is a row, but no file."""
    width, height = random.choice(SIZES)
    name = f"images/{number:02x}/{random.getrandbits(128):032x}.jpg"
    file = ImageFile.objects.create(
        image=name, digest=f"{number:034x}", width=width, height=height, is_animated=False
    )
    title = " ".join(random.sample(WORDS, random.randint(2, 5)))
    url = f"https://www.example.org/photos/{number}"
    return Image.objects.bookmark(user, file, title=title, description=title * 5, url=url)


def fill() -> None:
    """Let people save, like and follow in an order that groups a few of their actions."""
    random = Random(1)
    people = make_people()
    viewer, popular = people[0], people[1]
    for number in range(IMAGES):
        # The popular person has more images than a page shows.
        user = popular if number % 3 == 0 else random.choice(people)
        image = save_image(number, user, random)
        for liker in random.sample(people, 30 if number == 0 else random.randint(0, 9)):
            image.like(liker)
        for followed in random.sample(people, random.randint(1, 8)):
            if followed != user:
                Contact.objects.follow(user, followed)
    for person in people:
        if person != popular and random.random() < 0.5:
            Contact.objects.follow(person, popular)
    for followed in people[1:40:2]:
        Contact.objects.follow(viewer, followed)
    for followed in people[2:40:2]:
        Contact.objects.follow(popular, followed)
    spread_actions()


def spread_actions() -> None:
    """Let the actions have happened in the last weeks instead of now."""
    now = timezone.now()
    for age, pk in enumerate(Action.objects.order_by("-pk").values_list("pk", flat=True)):
        Action.objects.filter(pk=pk).update(created=now - timedelta(minutes=40) * age)


class Request(NamedTuple):
    path: str
    # What each item of the page contains once.
    item: bytes
    headers: dict[str, str] = {}


def requests() -> dict[str, Request]:
    """Return the request for each page."""
    image = Image.objects.order_by("pk")[0]
    return {
        "gallery": Request("/images/", b'<article class="image-card'),
        "people": Request("/people/", b'<article class="person-card'),
        "feed": Request("/stream/", b'<article class="entry', {"hx-request": "true"}),
        "profile": Request(resolve_url(image.user), b'<article class="image-card'),
        "image": Request(image.get_absolute_url(), b'class="photo photo--medium'),
        "home": Request("/", b"<article"),
    }


class Pages:
    """The pages as a signed-in viewer gets them from the test client."""

    def __init__(self) -> None:
        headers = {"host": settings.SITE_HOST, "accept-encoding": "gzip"}
        self.client = Client(headers=headers)
        self.client.force_login(User.objects.order_by("pk")[0])
        self.requests = requests()
        self.statements = 0

    def get(self, name: str) -> bytes:
        path, _, headers = self.requests[name]
        response = self.client.get(path, headers=headers)
        # A partial redirects with a header and status 200.
        if response.status_code != 200 or "HX-Redirect" in response.headers:
            raise RuntimeError(f"{path} answered {response.status_code}")
        return response.content

    def describe(self, name: str) -> dict[str, Any]:
        """Return the size of a page, how many items it has, and the statements for it."""

        def count(execute: Any, *args: Any) -> Any:
            self.statements += 1
            return execute(*args)

        self.statements = 0
        with connection.execute_wrapper(count):
            packed = self.get(name)
        html = gzip.decompress(packed)
        return {
            "items": html.count(self.requests[name].item),
            "bytes": len(html),
            "gzipped": len(packed),
            "statements": self.statements,
        }

    def times(self, name: str, count: int) -> list[float]:
        """Return the milliseconds of CPU that each of `count` requests takes."""
        times = []
        for _ in range(count):
            begin = process_time()
            self.get(name)
            times.append(1000 * (process_time() - begin))
        return times


def main() -> None:
    # Whatever else prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        fill()
    pages = Pages()
    for name in pages.requests:
        pages.times(name, 5)
    for line in sys.stdin:
        name, count = line.split()
        answer = {"times": pages.times(name, int(count)), **pages.describe(name)}
        print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main()
