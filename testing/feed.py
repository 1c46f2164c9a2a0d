"""Writing what a feed shows, and reading it back."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import cycle, islice

from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from stream.feed import Entry, Feed
from stream.keyset import Page
from stream.models import Action
from testing.markup import next_page

HTMX = {"HX-Request": "true"}
START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def follow(follower: User, followed: User) -> None:
    follower.following.add(followed)  # type: ignore[attr-defined]


def crowd(size: int) -> list[User]:
    return [User.objects.create_user(f"person{number:02}") for number in range(size)]


def store(
    actions: Iterable[Action], start: datetime = START, every: timedelta = MINUTE
) -> list[int]:
    """Store actions, the oldest first and so far apart; returns their keys, newest first."""
    stored = Action.objects.bulk_create(actions)
    for number, action in enumerate(stored):
        action.created = start + number * every
    Action.objects.bulk_update(stored, ["created"])
    return [action.pk for action in reversed(stored)]


def record(user: User, count: int) -> list[int]:
    """Store so many actions of one user, each an entry of its own."""
    return store(Action(user=user, verb=f"did thing {number}") for number in range(count))


def run(user: User, verb: str, targets: Sequence[Model], count: int = 0) -> list[Action]:
    """Return actions which are one entry, or several of ten, on the targets in turn."""
    turns = islice(cycle(targets), count or len(targets))
    return [Action(user=user, verb=verb, target=target) for target in turns]


def entries(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="entry" id="action-(\d+)"', html)]


def told(html: str) -> list[str]:
    """Return what the entries say."""
    paragraphs = re.findall(r'<article class="entry".*?<p>(.*?)</p>', html, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in paragraphs]


def to_the_end(client: Client, url: str, headers: dict[str, str] | None = None) -> list[list[int]]:
    """Return the entries of all pages."""
    pages = []
    while url:
        html = client.get(url, headers=headers).text
        pages.append(entries(html))
        url = next_page(html)
    return pages


def pages_of(feed: Feed) -> list[Page[Entry]]:
    pages = [feed.page("")]
    while pages[-1].next_cursor:
        pages.append(feed.page(pages[-1].next_cursor))
    return pages


def encode(values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()
