"""Saving the actions that feeds show."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from django.contrib.auth.models import User
from django.db.models import Model

from stream.models import Action

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_actions(user: User, verb: str, targets: Sequence[Model], count: int = 0) -> list[Action]:
    """Return unsaved actions, one for each target, or `count` that repeat the targets in turn."""
    turns = islice(cycle(targets), count or len(targets))
    return [Action(user=user, verb=verb, target=target) for target in turns]


def save_actions(
    actions: Iterable[Action], start: datetime = START, interval: timedelta = MINUTE
) -> list[int]:
    """Save actions at intervals, oldest first, and return their primary keys, newest first."""
    saved = Action.objects.bulk_create(actions)
    for number, action in enumerate(saved):
        action.created = start + number * interval
    Action.objects.bulk_update(saved, ["created"])
    return [action.pk for action in reversed(saved)]


def save_ungrouped_actions(user: User, count: int) -> list[int]:
    """Save actions of one user, each with a verb of its own, so that each is an entry."""
    return save_actions(Action(user=user, verb=f"did thing {number}") for number in range(count))
