"""The entries of a feed: groups of actions with the people and things that they show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify

from stream.grouping import target_of, thing_of
from stream.models import Action
from stream.targets import NO_TARGET, RowKey, Rows, load_rows

# How many people are shown of those who did the same, and how many things of those they did it to.
SHOWN_PEOPLE, SHOWN_THINGS = 3, 6


@dataclass(frozen=True)
class ActionGroup:
    """Actions that are shown together, newest first."""

    actions: Sequence[Action]

    @property
    def pk(self) -> int:
        return self.actions[0].pk

    @property
    def verb(self) -> str:
        return self.actions[0].verb

    @property
    def created(self) -> datetime:
        return self.actions[0].created


@dataclass(frozen=True)
class Act:
    """What people did with one verb: the latest of them, how many they are, and to how much."""

    verb: str
    people: Sequence[Any]
    person_count: int
    action_count: int
    thing_count: int

    @property
    def template_names(self) -> list[str]:
        """The template for its verb, then the one for any verb."""
        return [f"stream/entries/{slugify(self.verb)[:100]}.html", "stream/entries/action.html"]


@dataclass(frozen=True)
class Entry(ActionGroup):
    """One entry of a feed: what people did, and some of the things they did it to."""

    acts: Sequence[Act]
    things: Sequence[Any]
    thing_count: int

    @property
    def timestamp(self) -> str:
        """The time of its newest action in ISO 8601."""
        return self.created.isoformat(timespec="seconds")

    @property
    def cursor(self) -> str:
        """The cursor of its newest action."""
        return Action.objects.cursor_of(self.actions[0])

    @property
    def people(self) -> list[Any]:
        """The first of the people, each once."""
        people = {person.pk: person for act in self.acts for person in act.people}
        return list(people.values())[:SHOWN_PEOPLE]


def entries_of(viewer: User, groups: Iterable[Sequence[Action]]) -> list[Entry]:
    """Return the entries of groups of actions, without what the viewer cannot see."""
    groups = [[action for action in group if action.has_target_model] for group in groups]
    rows = load_rows(viewer, [key for group in groups for key in _wanted(group)])
    entries = [_entry(group, rows) for group in groups]
    return [entry for entry in entries if entry]


def _wanted(group: Sequence[Action]) -> Iterable[RowKey]:
    for actions in _by_verb(group).values():
        yield from people_of(actions)[:SHOWN_PEOPLE]
    # All of them are loaded, as some may be hidden, and the number of the others is shown.
    yield from map(target_of, group)
    if _is_shared(group):
        yield thing_of(group[0])


def _entry(group: Sequence[Action], rows: Rows) -> Entry | None:
    actions = [action for action in group if rows.get(target_of(action), action) is not None]
    verbs = _by_verb(actions).items()
    acts = [act for act in (act_of(verb, done, rows) for verb, done in verbs) if act.people]
    if not acts:
        return None
    targets = dict.fromkeys(map(target_of, actions))
    if is_shared := _is_shared(actions):
        targets = dict.fromkeys([thing_of(actions[0]), *targets])
    things = [rows[key] for key in targets if rows.get(key) is not None]
    if is_shared or not things:
        return Entry(actions, acts, things[:1], len(things[:1]))
    return Entry(actions, acts, things[:SHOWN_THINGS], len(targets))


def people_of(actions: Iterable[Action]) -> list[RowKey]:
    """Return the keys of the people who acted, each once."""
    of_user = ContentType.objects.get_for_model(get_user_model()).pk
    return list(dict.fromkeys((of_user, action.user_id) for action in actions))


def act_of(verb: str, actions: Sequence[Action], rows: Rows) -> Act:
    """Return what people did with one verb, given the rows of the first of them."""
    # Some may be deactivated while a page is made.
    keys = [key for key in people_of(actions) if rows.get(key, key) is not None]
    people = [rows[key] for key in keys if key in rows][:SHOWN_PEOPLE]
    count = len(keys) if len(people) > 1 else len(people)
    return Act(verb, people, count, len(actions), len(set(map(target_of, actions))))


def _by_verb(actions: Iterable[Action]) -> dict[str, list[Action]]:
    verbs: dict[str, list[Action]] = {}
    for action in actions:
        verbs.setdefault(action.verb, []).append(action)
    return verbs


def _is_shared(group: Sequence[Action]) -> bool:
    """Whether several people did something to one thing."""
    people = {action.user_id for action in group}
    things = {thing_of(action) for action in group}
    return len(people) > 1 and len(things) == 1 and things != {NO_TARGET}
