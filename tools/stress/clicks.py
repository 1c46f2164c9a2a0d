"""Let 50 people click follow, unfollow, like and unlike at the same time.

CLICKS is the number of clicks, 1,000 by default.
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
from tools.stress.client import SignedInClient
from tools.stress.consistency import faults

PEOPLE = 50
# Few enough that many click the same button at once.
TARGETS = 3


@dataclass
class Button:
    """A button, its two actions, and the count that belongs to it."""

    page: str
    path: str
    actions: tuple[str, str]
    counter_id: str
    count: Callable[[], int]


def follow_button(user: User) -> Button:
    return Button(
        page=resolve_url(user),
        path=reverse("user_follow", args=[user.username]),
        actions=("follow", "unfollow"),
        counter_id=f"followers-{user.profile.pk}",
        count=Contact.objects.followers_of(user).count,
    )


def like_button(image: Image) -> Button:
    return Button(
        page=resolve_url(image),
        path=reverse("image_like", args=[image.pk]),
        actions=("like", "unlike"),
        counter_id=f"likes-{image.pk}",
        count=Like.objects.of(image).count,
    )


def main() -> None:
    with Path(os.environ["FOLDER"], "log").open("w") as log, serving(log) as url:
        click(urlsplit(url).netloc)


def click(host: str) -> None:
    """Click buttons, and check that rows, recorded actions and the counts on pages agree."""
    count = int(os.environ.get("CLICKS", "1000"))
    clients = [SignedInClient(f"clicker-{number:02}") for number in range(PEOPLE)]
    buttons = [follow_button(client.user) for client in clients[:TARGETS]]
    buttons += [like_button(image) for image in Image.objects.all()[:TARGETS]]
    statuses = click_at_once(host, clients, buttons, count)
    wrong_on_pages = list(wrong_counts(host, buttons))
    wrong_in_rows = list(faults())
    print(
        f"{count:,} clicks by {PEOPLE} people on {connection.vendor}, statuses {dict(statuses)}: "
        f"{len(wrong_on_pages)} wrong counts on pages, {len(wrong_in_rows)} in rows"
    )
    # 400 is the response to people who try to follow themselves.
    unexpected = [f"{key}: {statuses[key]}" for key in statuses.keys() - {303, 400}]
    if found := wrong_on_pages + wrong_in_rows + unexpected:
        sys.exit("\n".join(found))


def click_at_once(
    host: str, clients: list[SignedInClient], buttons: list[Button], count: int
) -> Counter[int]:
    """Let the clients click random buttons at the same time. Return the number of each status."""
    random = Random(1)

    def click_one(_: int) -> int:
        client, button = random.choice(clients), random.choice(buttons)
        status, _body = client.post_action(host, button.path, random.choice(button.actions))
        return status

    with ThreadPoolExecutor(PEOPLE) as threads:
        return Counter(threads.map(click_one, range(count)))


def wrong_counts(host: str, buttons: list[Button]) -> Iterator[str]:
    """Yield the pages and partials whose count differs from the number of rows."""
    client = SignedInClient("viewer")
    for button in buttons:
        action = button.actions[0]
        _, partial = client.post_action(host, button.path, action, **{"HX-Request": "true"})
        _, page = client.get(host, button.page)
        expected = button.count()
        for name, text in ("partial", partial), ("page", page):
            match = re.search(rf'id="{button.counter_id}"[^>]*>([\d,]+) ', text)
            if not match or int(match[1].replace(",", "")) != expected:
                yield f"The {name} of {button.page} shows {match and match[1]}, not {expected}"
