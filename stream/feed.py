"""Feeds: actions, newest first, in which a group of similar actions is one entry."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from stream.entries import Entry, entries_of
from stream.grouping import grouped
from stream.keyset import Page
from stream.models import Action, ActionQuerySet, UserIds

PAGE_SIZE = 10
# A page reads at most this many actions. In a feed of everyone, many may be about one thing.
MAX_ACTIONS, MAX_ACTIONS_OF_EVERYONE = 100, 500
# Enough actions for most pages.
USUAL_ACTIONS = 40
# For more followed people than this, the newest actions of everyone are searched first.
LARGE_FOLLOWING = 500
# The number of actions in that search.
RECENT_ACTIONS = 5000

type Newest = Callable[[ActionQuerySet, int], Iterable[Action]]


@dataclass(frozen=True)
class Source:
    """A query for the newest actions of a feed, and how many actions a page reads by it."""

    newest: Newest
    limit: int = MAX_ACTIONS
    # Whether it returns all actions, up to the limit.
    is_complete: bool = True


@dataclass(frozen=True)
class Feed:
    """A feed for a viewer, with queries that each return its newest actions.

    Quick queries come first and may return too few. The last one returns all up to its limit.
    """

    viewer: User
    sources: Sequence[Source]
    is_of_everyone: bool = False
    # The model of the targets, if it has the actions about one kind of them.
    model: type[Model] | None = None

    @property
    def actions(self) -> ActionQuerySet:
        return Action.objects.to(self.model) if self.model else Action.objects.all()

    def page(self, before: str, size: int = PAGE_SIZE) -> Page[Entry]:
        """Return up to `size` entries below the cursor `before`; BadRequest for an invalid one."""
        groups, cursor = self._read(self.sources, before, size)
        return Page(entries_of(self.viewer, groups), cursor)

    def page_from(self, key: int, size: int = PAGE_SIZE) -> Page[Entry]:
        """Return the page that begins with an action, or the first page if that has it."""
        # Trying the quick queries twice could take too many.
        groups, cursor = self._read(self.sources[-1:], "", size)
        if not cursor or any(action.pk == key for group in groups for action in group):
            return Page(entries_of(self.viewer, groups), cursor)
        start = Action.objects.cursor_at(key)
        return replace(self.page(start, size), previous_cursor=start)

    def _read(
        self, sources: Sequence[Source], before: str, size: int
    ) -> tuple[list[list[Action]], str]:
        """Return the groups of a page, and the cursor of the next one."""
        older = self.actions.below(before)
        for source in sources:
            # One more, to see whether there are more.
            found = list(source.newest(older, source.limit + 1))
            groups = grouped(found[: source.limit], size)
            count = sum(map(len, groups))
            is_full = count < min(len(found), source.limit)
            if is_full or (source.is_complete and len(found) <= source.limit):
                break
        cursor = Action.objects.cursor_of(found[count - 1]) if count < len(found) else ""
        return groups, cursor

    def newer(self, after: str) -> Page[Entry]:
        """Return the entries above the cursor `after`, with a next cursor if there are more."""
        newer = list(self.sources[-1].newest(self.actions.above(after), MAX_ACTIONS + 1))
        is_all = len(newer) <= MAX_ACTIONS
        entries = entries_of(self.viewer, grouped(newer))
        return Page(entries, "" if is_all else Action.objects.cursor_of(newer[-1]))


def feed_of_people(viewer: User, people: UserIds, count: int) -> Feed:
    """Return the feed of `people`, given their number `count`."""

    def recent(actions: ActionQuerySet, limit: int) -> ActionQuerySet:
        return actions.recent(RECENT_ACTIONS).by_people(people).newest()[:limit]

    def merged(actions: ActionQuerySet, limit: int) -> ActionQuerySet:
        return actions.newest_by_people(people, limit)

    quick = recent if count > LARGE_FOLLOWING else merged
    first = Source(quick, USUAL_ACTIONS, is_complete=quick is merged)
    return Feed(viewer, [first, Source(merged)])


def feed_of_others(viewer: User) -> Feed:
    """Return the feed of everyone but `viewer`."""

    def newest(actions: ActionQuerySet, limit: int) -> ActionQuerySet:
        return actions.by_others(viewer.pk).newest()[:limit]

    sources = [Source(newest), Source(newest, MAX_ACTIONS_OF_EVERYONE)]
    return Feed(viewer, sources, is_of_everyone=True)


def feed_of(user: User, viewer: User) -> Feed:
    """Return the feed of one person's own actions."""

    def newest(actions: ActionQuerySet, limit: int) -> ActionQuerySet:
        return actions.filter(user=user).newest()[:limit]

    return Feed(viewer, [Source(newest)])


def cursor_for_newer(page: Page[Entry]) -> str:
    """Return the cursor above which everything is newer than the first page of a feed.

    It is at most a minute old, since a search for newer actions reads everything above it.
    """
    # A transaction that is still running may add actions with a time up to a minute ago.
    newest = [Action(pk=0, created=timezone.now() - timedelta(minutes=1))]
    newest += [entry.actions[0] for entry in page.rows[:1]]
    return Action.objects.cursor_of(max(newest, key=lambda action: (action.created, action.pk)))
