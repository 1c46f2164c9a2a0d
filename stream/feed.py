"""Feeds: what people did, newest first, where a run of the same is one entry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Exists, prefetch_related_objects
from django.utils import timezone
from django.utils.text import slugify

from stream.keyset import Page
from stream.models import (
    Action,
    ActionQuerySet,
    contacts_of,
    people_followed_by,
    visible_targets,
)

PAGE_SIZE = 10
RUN_SIZE = 10
RUN_TIME = timedelta(days=1)
# So many actions make a page of entries for sure: the last tells whether the run before goes on.
WINDOW = PAGE_SIZE * RUN_SIZE + 1
# And so many do most often.
FIRST_WINDOW = 40
# Who follows more people than this finds enough for a page in the latest that anybody did,
MANY_FOLLOWED = 500
# down to so many actions.
LATEST = 5000


@dataclass(frozen=True)
class Entry:
    """What a person did: one thing, or one and the same several times in a row, newest first."""

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
        """When it was created, for machines."""
        return self.created.isoformat(timespec="seconds")

    @property
    def cursor(self) -> str:
        """The place of its newest action."""
        return Action.objects.cursor_of(self.actions[0])

    @property
    def targets(self) -> list[Any]:
        return [action.target for action in self.actions]

    @property
    def template_names(self) -> list[str]:
        """The template that draws this kind of entry, before the one that draws any."""
        return [f"stream/entries/{slugify(self.verb)[:100]}.html", "stream/entries/action.html"]


@dataclass(frozen=True)
class Feed:
    """A feed, by the ways to get its newest actions of those below a cursor.

    The last way gets a window of them, or all; those before it are quicker, and may get too few.
    """

    ways: Sequence[Callable[[ActionQuerySet], Iterable[Action]]]
    is_of_everybody: bool = False

    def page(self, before: str) -> Page[Entry]:
        """Return the entries below the cursor `before`; BadRequest where it is none of ours."""
        for newest in self.ways:
            runs = list(_runs(newest(Action.objects.below(before))))
            if len(runs) > PAGE_SIZE:
                break
        page = runs[:PAGE_SIZE]
        is_last = len(runs) <= PAGE_SIZE
        return Page(_entries(page), "" if is_last else Action.objects.cursor_of(page[-1][-1]))

    def news(self, after: str) -> Page[Entry]:
        """Return the entries above the cursor `after`, and a cursor if that is not all."""
        newer = list(self.ways[-1](Action.objects.above(after)))
        is_all = len(newer) < WINDOW
        return Page(_entries(_runs(newer)), "" if is_all else Action.objects.cursor_of(newer[-1]))


def home_feed(reader: User) -> Feed:
    """Return what the people followed by `reader` did, or while there are none, all others."""
    # Following none who is active is following nobody.
    contacts = contacts_of(reader).filter(Exists(people_followed_by(reader)))
    followed = contacts[: MANY_FOLLOWED + 1].count()
    if not followed:
        of_others = [lambda actions: actions.by_others(reader).newest()[:WINDOW]]
        return Feed(of_others, is_of_everybody=True)

    def merged(actions: ActionQuerySet, limit: int = WINDOW) -> ActionQuerySet:
        return actions.newest_by_followed(reader, limit)

    def of_late(actions: ActionQuerySet) -> ActionQuerySet:
        return actions.of_late(LATEST).in_home_feed_of(reader).newest()[:FIRST_WINDOW]

    if followed > MANY_FOLLOWED:
        return Feed([of_late, merged])
    return Feed([lambda actions: merged(actions, FIRST_WINDOW), merged])


def activity_of(user: User) -> Feed:
    """Return what `user` did."""
    return Feed([lambda actions: actions.filter(user=user).newest()[:WINDOW]])


def place_of_news(page: Page[Entry]) -> str:
    """Return the cursor above which all is newer than the first page of a feed.

    It is not left at an entry of long ago, for all that happened since would be looked through.
    """
    # What is being written now will bear a time of the last minute.
    places = [Action(pk=0, created=timezone.now() - timedelta(minutes=1))]
    places += [entry.actions[0] for entry in page.rows[:1]]
    return Action.objects.cursor_of(max(places, key=lambda action: (action.created, action.pk)))


def _runs(actions: Iterable[Action]) -> Iterator[list[Action]]:
    run: list[Action] = []
    for action in actions:
        if run and not (len(run) < RUN_SIZE and _is_the_same(run[0], action)):
            yield run
            run = []
        run.append(action)
    if run:
        yield run


def _is_the_same(newer: Action, older: Action) -> bool:
    return _kind(newer) == _kind(older) and newer.created - older.created <= RUN_TIME


def _kind(action: Action) -> tuple[Any, ...]:
    return action.user_id, action.verb, action.target_ct_id


def _entries(runs: Iterable[list[Action]]) -> list[Entry]:
    """Fetch the people and targets of all runs together, and leave out what is gone."""
    runs = [[action for action in run if action.has_target_model] for run in runs]
    active = get_user_model().objects.filter(is_active=True).select_related("profile")
    people = active.in_bulk({action.user_id for run in runs for action in run})
    actions = [action for run in runs for action in run]
    prefetch_related_objects(actions, GenericPrefetch("target", [*visible_targets()]))
    standing = ([action for action in run if action.target or not action.target_id] for run in runs)
    return [
        Entry(people[run[0].user_id], run) for run in standing if run and run[0].user_id in people
    ]
