"""Every query for the newest actions of followed people finds the same actions."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import QuerySet
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from home.feeds import home_feed
from people.models import Contact
from stream.feed import PAGE_SIZE, Feed, Source
from stream.models import Action, ActionQuerySet
from testing.actions import MINUTE, START, make_actions, save_actions, save_ungrouped_actions
from testing.feed import pages_of
from testing.people import create_users, follow

type Pairs = set[tuple[int, int]]

COUNT = 6
PERSON = st.integers(0, COUNT - 1)
OTHER = st.integers(1, COUNT - 1)
FOLLOWED = st.sets(OTHER, min_size=2)
# Follows of other people, which must not affect the viewer's feed.
CONTACTS = st.sets(st.tuples(OTHER, PERSON), max_size=6)
INACTIVE = st.sets(PERSON, max_size=2)
ACTS = st.lists(st.tuples(PERSON, st.integers(0, 4)), min_size=5, max_size=30)


@pytest.fixture
def people(db: None) -> list[User]:
    """Six people. The first of them is the viewer."""
    return create_users(COUNT)


def active_followed_by(viewer: User) -> QuerySet[User]:
    return User.objects.filter(followers=viewer, is_active=True)


def keys_of(feed: Feed) -> list[int]:
    """Return the actions of all pages of a feed, each page's from the newest on."""
    pages = pages_of(feed)
    assert all(len(page.rows) <= PAGE_SIZE for page in pages)
    rows = [[action.pk for entry in page.rows for action in entry.actions] for page in pages]
    keys = [key for page in rows for key in page]
    assert len(keys) == len(set(keys))
    return [action.pk for action in Action.objects.filter(pk__in=keys).newest()]


def set_up(people: list[User], followed: set[int], contacts: Pairs, inactive: set[int]) -> None:
    """Delete all actions, and set the follows and the inactive people."""
    Action.objects.all().delete()
    Contact.objects.all().delete()
    for number, person in enumerate(people):
        person.is_active = number not in inactive
    User.objects.bulk_update(people, ["is_active"])
    # The stored counts are of active people, so the follows come after that.
    contacts = {(0, other) for other in followed} | contacts
    for number, person in enumerate(people):
        theirs = [people[to] for by, to in contacts if by == number != to]
        person.following.set(theirs)  # type: ignore[attr-defined]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    followed=FOLLOWED,
    contacts=CONTACTS,
    inactive=INACTIVE,
    actions=ACTS,
    limit=st.integers(1, 12),
    depth=st.integers(1, 20),
    position=st.none() | st.tuples(st.integers(0, 5), st.integers(-2, 42)),
)
@example({1, 2, 3}, set(), set(), [(1, 0), (2, 0), (3, 0)], 1, 9, None)
@example({1, 2}, set(), {1}, [(2, 0), (1, 1)], 1, 9, None)
def test_fast_queries_find_the_same_actions_as_a_plain_query(
    people: list[User],
    followed: set[int],
    contacts: Pairs,
    inactive: set[int],
    actions: list[tuple[int, int]],
    limit: int,
    depth: int,
    position: tuple[int, int] | None,
) -> None:
    set_up(people, followed, contacts, inactive)
    keys = [
        key
        for who, minute in actions
        for key in save_actions([Action(user=people[who], verb="sang")], START + minute * MINUTE)
    ]
    cursor, viewer = "", people[0]
    if position:
        minute, offset = position
        created = START + timedelta(minutes=minute)
        at = Action(pk=min(keys, default=1) + offset, created=created)
        cursor = Action.objects.cursor_of(at)
    older = Action.objects.below(cursor)
    plain = list(older.filter(user__in=active_followed_by(viewer)).newest()[:limit])
    ids = Contact.objects.followed_ids(viewer.pk)
    assert list(older.newest_by_people(ids, limit)) == plain
    recent = list(older.recent(depth).by_people(ids).newest()[:limit])
    # Among the recent actions are all of them, or only the first.
    assert recent == plain[: len(recent)]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    followed=FOLLOWED | st.just(set()),
    contacts=CONTACTS,
    inactive=INACTIVE,
    blocks=st.lists(
        st.tuples(
            PERSON, st.sampled_from(["likes", "sang"]), st.integers(10, 60), st.integers(0, 4)
        ),
        min_size=2,
        max_size=10,
    ),
    depth=st.integers(1, 300),
)
@example({1, 2}, set(), {1, 2}, [(0, "likes", 10, 0), (3, "likes", 10, 0)], 1)
def test_pages_have_the_same_actions_with_every_query(
    people: list[User],
    followed: set[int],
    contacts: Pairs,
    inactive: set[int],
    blocks: list[tuple[int, str, int, int]],
    depth: int,
) -> None:
    set_up(people, followed, contacts, inactive)
    for who, verb, count, minute in blocks:
        save_actions(make_actions(people[who], verb, people[:2], count), START + minute * MINUTE)
    viewer = people[0]
    active = User.objects.filter(is_active=True).exclude(pk=viewer.pk)
    active_followed = active_followed_by(viewer)
    shown = active_followed if active_followed.exists() else active
    source = Source(lambda actions, limit: actions.filter(user__in=shown).newest()[:limit])
    plain = Feed(viewer, [source])
    for many in (500, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("stream.feed.LARGE_FOLLOWING", many)
            patch.setattr("stream.feed.RECENT_ACTIONS", depth)
            # Pages may end at different actions, which change what is grouped.
            assert keys_of(home_feed(viewer)) == keys_of(plain)


def test_actions_with_the_same_time_are_all_shown(ana: User) -> None:
    people = create_users(120)
    ana.following.set(people)  # type: ignore[attr-defined]
    actions = (Action(user=person, verb=f"sang with {person}") for person in people)
    keys = save_actions(actions, interval=timedelta(0))
    pages = pages_of(home_feed(ana))
    assert [entry.pk for page in pages for entry in page.rows] == keys


def test_following_few_people_does_not_query_the_recent_actions_of_everyone(
    ana: User, ben: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 2)
    monkeypatch.setattr(ActionQuerySet, "recent", None)
    follow(ana, ben)
    follow(ana, cleo)
    save_actions([Action(user=ben, verb="sang")])
    assert len(home_feed(ana).page("").rows) == 1


def test_following_many_people_queries_only_recent_actions_if_they_fill_a_page(
    ana: User, ben: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 1)
    monkeypatch.setattr("stream.feed.RECENT_ACTIONS", 20)
    monkeypatch.setattr(ActionQuerySet, "newest_by_people", None)
    follow(ana, ben)
    follow(ana, cleo)
    keys = save_ungrouped_actions(ben, 30)
    assert [entry.pk for entry in home_feed(ana).page("").rows] == keys[:10]
