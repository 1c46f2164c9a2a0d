"""Which actions of a feed are shown together."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from stream.models import Action
from stream.targets import NO_TARGET, RowKey

# A longer pause begins another sitting.
PAUSE = timedelta(hours=1)


def target_of(action: Action) -> RowKey:
    return action.target_ct_id, action.target_id


def thing_of(action: Action) -> RowKey:
    """Return the key of what an action is about, which is its target if nothing else is named."""
    if action.about_id is not None:
        return action.about_ct_id, action.about_id
    return target_of(action)


def is_about_people(action: Action) -> bool:
    return action.target_ct_id == ContentType.objects.get_for_model(get_user_model()).pk


def grouped(actions: Sequence[Action], size: int | None = None) -> list[list[Action]]:
    """Return the first `size` groups of a feed's actions. Actions and groups are newest first.

    A group is of one day, and is one of these: what several people did to one thing, what people
    did with people or without a target, or what one person did in one sitting. If a person first
    saves and then likes an image, both actions are in the group of the first.
    """
    dated = [(timezone.localdate(action.created), thing_of(action), action) for action in actions]
    people: defaultdict[Any, set[int]] = defaultdict(set)
    first: dict[Any, Action] = {}
    for day, thing, action in dated:
        people[day, thing].add(action.user_id)
        first[day, action.user_id, target_of(action)] = action
    groups: list[list[Action]] = []
    latest: dict[Any, list[Action]] = {}
    for day, thing, action in dated:
        began = first[day, action.user_id, target_of(action)]
        key = _key(day, thing, action, began, is_shared=len(people[day, thing]) > 1)
        group = latest.get(key)
        if group is None or (key.user and group[-1].created - action.created > PAUSE):
            if len(groups) == size:
                break
            groups.append(group := [])
            latest[key] = group
        group.append(action)
    return groups


class _Key(NamedTuple):
    day: date
    verb: str = ""
    thing: RowKey = NO_TARGET
    user: int = 0


def _key(day: date, thing: RowKey, action: Action, began: Action, *, is_shared: bool) -> _Key:
    """Return the key of an action, given the first that its user did to its target that day."""
    if action.target_id is None or is_about_people(action):
        return _Key(day, action.verb)
    if is_shared:
        return _Key(day, thing=thing)
    verb = began.verb if action.created - began.created <= PAUSE else action.verb
    return _Key(day, verb, (action.target_ct_id, None), action.user_id)
