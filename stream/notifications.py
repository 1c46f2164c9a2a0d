"""Notifications: who followed a person, and who liked or saved their images."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from stream.entries import SHOWN_PEOPLE, Act, ActionGroup, act_of, people_of
from stream.grouping import target_of, thing_of
from stream.keyset import Page
from stream.models import Action, ActionQuerySet
from stream.targets import Rows, load_rows

# The actions that a page reads. Those of one day about one thing become one notification.
PAGE_SIZE = 60
# More than these are not counted.
MAX_COUNT = 100


@dataclass(frozen=True)
class Notification(ActionGroup):
    """What people did with one thing on one day."""

    act: Act
    thing: Any
    is_new: bool


@dataclass(frozen=True)
class NotificationPage(Page[Notification]):
    """A page of notifications, and the time of the newest action that was read for it."""

    newest: datetime | None = None


def notifications_of(viewer: User, page: Page[Action], seen: datetime) -> NotificationPage:
    """Return the notifications that a page of a viewer's acts makes. Those after `seen` are new."""
    groups: dict[Any, list[Action]] = {}
    for action in page.rows:
        key = timezone.localdate(action.created), action.verb, thing_of(action)
        groups.setdefault(key, []).append(action)
    wanted = {key for group in groups.values() for key in people_of(group)[:SHOWN_PEOPLE]}
    wanted |= {key for action in page.rows for key in (thing_of(action), target_of(action))}
    rows = load_rows(viewer, wanted)
    found = [_notification(group, rows, seen) for group in groups.values()]
    newest = page.rows[0].created if page.rows else None
    shown = [each for each in found if each]
    return NotificationPage(shown, page.next_cursor, (), page.previous_cursor, newest)


def unseen(viewer: Any, seen: Any) -> ActionQuerySet:
    """Return a viewer's unseen actions, up to `MAX_COUNT`."""
    return Action.objects.told(viewer).filter(created__gt=seen).newest()[:MAX_COUNT]


def _notification(group: list[Action], rows: Rows, seen: datetime) -> Notification | None:
    """Return the notification of some actions, or None if nothing of it can be shown."""
    act = act_of(group[0].verb, group, rows)
    thing = rows.get(thing_of(group[0])) or rows.get(target_of(group[0]))
    if not act.people or not thing:
        return None
    return Notification(group, act, thing, group[0].created > seen)
