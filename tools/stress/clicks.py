"""A thousand presses of follow, unfollow, like and unlike by 50 people at once.

PRESSES is how many.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import connection
from django.shortcuts import resolve_url
from django.urls import reverse

from images.models import Image, Like
from people.models import Contact
from tools.servers.site import serving
from tools.stress.client import Member
from tools.stress.consistency import faults

PEOPLE = 50
# Few enough that many press the same at once.
TARGETS = 3


@dataclass
class Target:
    """What is pressed, where its count is shown, and how many rows there are."""

    page: str
    button: str
    actions: tuple[str, str]
    place: str
    count: Callable[[], int]


def targets(people: list[User]) -> list[Target]:
    actions = ("follow", "unfollow"), ("like", "unlike")
    return [
        *(
            Target(
                page=resolve_url(user),
                button=reverse("user_follow", args=[user.username]),
                actions=actions[0],
                place=f"followers-{user.profile.pk}",
                count=Contact.objects.followers_of(user).count,
            )
            for user in people
        ),
        *(
            Target(
                page=resolve_url(image),
                button=reverse("image_like", args=[image.pk]),
                actions=actions[1],
                place=f"likes-{image.pk}",
                count=Like.objects.of(image).count,
            )
            for image in Image.objects.all()[: len(people)]
        ),
    ]


def main() -> None:
    """Press, and look whether what there is, what was recorded and what is shown agree."""
    count = int(os.environ.get("PRESSES", "1000"))
    random = Random(1)
    members = [Member(f"presser-{number:02}") for number in range(PEOPLE)]
    pressed = targets([member.user for member in members[:TARGETS]])

    def press(_: int) -> int:
        target = random.choice(pressed)
        return random.choice(members).press(host, target.button, random.choice(target.actions))[0]

    with (
        Path(os.environ["FOLDER"], "log").open("w") as log,
        serving(log) as url,
        ThreadPoolExecutor(PEOPLE) as threads,
    ):
        host = urlsplit(url).netloc
        statuses = Counter(threads.map(press, range(count)))
        wrong = list(miscounts(host, pressed))
    found = wrong + list(faults())
    print(
        f"{count:,} presses by {PEOPLE} people on {connection.vendor}, answered by "
        f"{dict(statuses)}: {len(wrong)} wrong counts on pages, {len(found) - len(wrong)} in rows"
    )
    # To follow oneself is refused.
    found += [f"{status}: {statuses[status]}" for status in statuses.keys() - {303, 400}]
    if found:
        sys.exit("\n".join(found))


def miscounts(host: str, shown: list[Target]) -> Iterator[str]:
    """Yield where a page, or what htmx gets of it, shows another count than there are rows."""
    reader = Member("reader")
    for target in shown:
        action = target.actions[0]
        _, part = reader.press(host, target.button, action, **{"HX-Request": "true"})
        _, page = reader.read(host, target.page)
        there = target.count()
        for what, text in ("part", part), ("page", page):
            match = re.search(rf'id="{target.place}"[^>]*>([\d,]+) ', text)
            if not match or int(match[1].replace(",", "")) != there:
                yield f"The {what} of {target.page} shows {match and match[1]} instead of {there}"
