"""Feeds: actions, newest first, in which a group of similar actions is one entry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.text import slugify

from stream.keyset import Page
from stream.models import Action, ActionQuerySet, UserIds
from stream.targets import visible_people, visible_targets

PAGE_SIZE = 10
GROUP_SIZE = 10
GROUP_SPAN = timedelta(days=1)
# Enough actions to fill a page even if every group is full, and one more to see whether the last
# group continues.
MAX_ACTIONS = PAGE_SIZE * GROUP_SIZE + 1
# Enough actions for most pages.
USUAL_ACTIONS = 40
# For more followed people than this, the newest actions of everyone are searched first.
LARGE_FOLLOWING = 500
# The number of actions in that search.
RECENT_ACTIONS = 5000


@dataclass(frozen=True)
class Entry:
    """One line of a feed: a person and a group of similar actions, newest first."""

    user: User
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

    @property
    def timestamp(self) -> str:
        """The time of its newest action in ISO 8601."""
        return self.created.isoformat(timespec="seconds")

    @property
    def cursor(self) -> str:
        """The cursor of its newest action."""
        return Action.objects.cursor_of(self.actions[0])

    @property
    def targets(self) -> list[Any]:
        return [action.target for action in self.actions]

    @property
    def template_names(self) -> list[str]:
        """The template for its verb, then the one for any verb."""
        return [f"stream/entries/{slugify(self.verb)[:100]}.html", "stream/entries/action.html"]


@dataclass(frozen=True)
class Feed:
    """A feed with queries that each return its newest actions.

    Quick queries come first and may return too few. The last one returns MAX_ACTIONS, or all.
    """

    sources: Sequence[Callable[[ActionQuerySet], Iterable[Action]]]
    is_of_everyone: bool = False

    def page(self, before: str, size: int = PAGE_SIZE) -> Page[Entry]:
        """Return up to `size` entries below the cursor `before`; BadRequest for an invalid one."""
        for newest in self.sources:
            groups = list(_groups(newest(Action.objects.below(before))))
            if len(groups) > size:
                break
        page = groups[:size]
        is_last = len(groups) <= size
        return Page(_entries(page), "" if is_last else Action.objects.cursor_of(page[-1][-1]))

    def newer(self, after: str) -> Page[Entry]:
        """Return the entries above the cursor `after`, with a next cursor if there are more."""
        newer = list(self.sources[-1](Action.objects.above(after)))
        is_all = len(newer) < MAX_ACTIONS
        return Page(_entries(_groups(newer)), "" if is_all else Action.objects.cursor_of(newer[-1]))


def feed_of_people(people: UserIds, count: int) -> Feed:
    """Return the feed of `people`, given their number `count`."""

    def merged(actions: ActionQuerySet) -> ActionQuerySet:
        return actions.newest_by_people(people, MAX_ACTIONS)

    def quick(actions: ActionQuerySet) -> ActionQuerySet:
        if count > LARGE_FOLLOWING:
            return actions.recent(RECENT_ACTIONS).by_people(people).newest()[:USUAL_ACTIONS]
        return actions.newest_by_people(people, USUAL_ACTIONS)

    return Feed([quick, merged])


def feed_of_others(viewer: User) -> Feed:
    """Return the feed of everyone but `viewer`."""
    return Feed(
        [lambda actions: actions.by_others(viewer.pk).newest()[:MAX_ACTIONS]], is_of_everyone=True
    )


def feed_of(user: User) -> Feed:
    """Return the feed of one person's own actions."""
    return Feed([lambda actions: actions.filter(user=user).newest()[:MAX_ACTIONS]])


def cursor_for_newer(page: Page[Entry]) -> str:
    """Return the cursor above which everything is newer than the first page of a feed.

    It is at most a minute old, since a search for newer actions reads everything above it.
    """
    # A transaction that is still running may add actions with a time up to a minute ago.
    newest = [Action(pk=0, created=timezone.now() - timedelta(minutes=1))]
    newest += [entry.actions[0] for entry in page.rows[:1]]
    return Action.objects.cursor_of(max(newest, key=lambda action: (action.created, action.pk)))


def _groups(actions: Iterable[Action]) -> Iterator[list[Action]]:
    group: list[Action] = []
    for action in actions:
        if group and not (len(group) < GROUP_SIZE and _belong_together(group[0], action)):
            yield group
            group = []
        group.append(action)
    if group:
        yield group


def _belong_together(newer: Action, older: Action) -> bool:
    return _kind(newer) == _kind(older) and newer.created - older.created <= GROUP_SPAN


def _kind(action: Action) -> tuple[Any, ...]:
    return action.user_id, action.verb, action.target_ct_id


def _entries(groups: Iterable[list[Action]]) -> list[Entry]:
    """Load the people and targets of all groups, and leave out actions whose target is gone."""
    groups = [[action for action in group if action.has_target_model] for group in groups]
    people = _load_people_and_targets([action for group in groups for action in group])
    visible = ([a for a in group if a.target or not a.target_id] for group in groups)
    return [
        Entry(people[group[0].user_id], group)
        for group in visible
        if group and group[0].user_id in people
    ]


def _load_people_and_targets(actions: list[Action]) -> dict[int, User]:
    """Return the people who acted by their ids, and load the targets, with one query a model."""
    of_user = ContentType.objects.get_for_model(User).pk
    about_people = [action for action in actions if action.target_ct_id == of_user]
    others = [action for action in actions if action.target_ct_id != of_user]
    ids = {action.user_id for action in actions} | {action.target_id for action in about_people}
    people = visible_people().in_bulk(ids)
    target = Action._meta.get_field("target")
    for action in about_people:
        target.set_cached_value(action, people.get(action.target_id))
    prefetch_related_objects(others, GenericPrefetch("target", visible_targets()))
    return people
