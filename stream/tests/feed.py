"""Writing what a feed shows, and reading it back."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from stream.models import Action

HTMX = {"HX-Request": "true"}
START = datetime(2026, 1, 1, tzinfo=UTC)


def follow(follower: User, followed: User) -> None:
    follower.following.add(followed)  # type: ignore[attr-defined]


def entries(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="entry" id="action-(\d+)"', html)]


def older(html: str) -> str:
    link = re.search(r'rel="next" href="([^"]+)"[^>]*><span class="label">Older activity<', html)
    return link[1] if link else ""


def record(user: User, count: int) -> list[int]:
    """Record actions of one user, a minute apart; returns their keys, newest first."""
    actions = [Action(user=user, verb=f"did thing {number}") for number in range(count)]
    actions = Action.objects.bulk_create(actions)
    for number, action in enumerate(actions):
        Action.objects.filter(pk=action.pk).update(created=START + timedelta(minutes=number))
    return [action.pk for action in reversed(actions)]


def encode(values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()
