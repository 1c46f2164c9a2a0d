"""Feeds: what people did, newest first, where a run of the same is one entry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import prefetch_related_objects
from django.utils.text import slugify

from stream.keyset import Page
from stream.models import Action, ActionQuerySet, people_followed_by, visible_targets

PAGE_SIZE = 10
RUN_SIZE = 10
RUN_TIME = timedelta(days=1)
# So many actions make a page of entries for sure: the last tells whether the run before goes on.
WINDOW = PAGE_SIZE * RUN_SIZE + 1
# And so many do most often.
FIRST_WINDOW = 25
# Of so many people who are followed, some did something of late.
MANY = 500


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
    def cursor(self) -> str:
        """The place of its newest action."""
        return Action.objects.cursor_of(self.actions[0])

    @property
    def targets(self) -> list[Any]:
        return [action.target for action in self.actions]

    @property
    def template_names(self) -> list[str]:
        """The template that draws this kind of entry, before the one that draws any."""
        return [f"stream/entries/{slugify(self.verb)}.html", "stream/entries/action.html"]


@dataclass(frozen=True)
class Feed:
    """A feed, by a way to get the newest of some actions that belong to it, up to so many."""

    newest: Callable[[ActionQuerySet, int], Iterable[Action]]
    windows: Sequence[int] = (WINDOW,)
    is_of_everybody: bool = False

    def page(self, before: str) -> Page[Entry]:
        """Return the entries below the cursor `before`; BadRequest where it is none of ours."""
        for window in self.windows:
            actions = list(self.newest(Action.objects.below(before), window))
            runs = list(_runs(actions))
            if len(runs) > PAGE_SIZE or len(actions) < window:
                break
        page = runs[:PAGE_SIZE]
        is_last = len(runs) <= PAGE_SIZE
        return Page(_entries(page), "" if is_last else Action.objects.cursor_of(page[-1][-1]))


def home_feed(reader: User) -> Feed:
    """Return what the people followed by `reader` did, or while there are none, all others."""

    def of_everybody(actions: ActionQuerySet, limit: int) -> Iterable[Action]:
        return actions.home_feed(reader).newest()[:limit]

    def of_few(actions: ActionQuerySet, limit: int) -> Iterable[Action]:
        return actions.newest_by_followed(reader, limit)

    def of_many(actions: ActionQuerySet, limit: int) -> Iterable[Action]:
        latest = actions.latest_by_followed(reader, limit)
        return latest if len(latest) == limit else of_few(actions, limit)

    followed = people_followed_by(reader)[: MANY + 1].count()
    if not followed:
        return Feed(of_everybody, is_of_everybody=True)
    return Feed(of_many) if followed > MANY else Feed(of_few, windows=(FIRST_WINDOW, WINDOW))


def activity_of(user: User) -> Feed:
    """Return what `user` did."""
    return Feed(lambda actions, limit: actions.filter(user=user).newest()[:limit])


def news_for(reader: User, after: str) -> Page[Entry]:
    """Return what is new in the home feed, above the cursor `after`, up to a window of actions."""
    newer = list(Action.objects.above(after).home_feed(reader).newest()[:WINDOW])
    is_all = len(newer) < WINDOW
    return Page(_entries(_runs(newer)), "" if is_all else Action.objects.cursor_of(newer[-1]))


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
    kinds = [(action.user_id, action.verb, action.target_ct_id) for action in (newer, older)]
    return kinds[0] == kinds[1] and newer.created - older.created <= RUN_TIME


def _entries(runs: Iterable[list[Action]]) -> list[Entry]:
    """Fetch the people and targets of all runs together, and leave out what is gone."""
    runs = list(runs)
    active = get_user_model().objects.filter(is_active=True).select_related("profile")
    people = active.in_bulk({run[0].user_id for run in runs})
    actions = [action for run in runs for action in run]
    prefetch_related_objects(actions, GenericPrefetch("target", [*visible_targets()]))
    standing = (
        (run[0].user_id, [action for action in run if action.target or not action.target_id])
        for run in runs
    )
    return [Entry(people[pk], run) for pk, run in standing if run and pk in people]
