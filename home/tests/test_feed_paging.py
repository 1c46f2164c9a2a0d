"""Pagination of the home feed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from home.feeds import home_feed
from stream.feed import feed_of
from stream.models import Action
from stream.record import create_action, retract_action
from testing.actions import START, make_actions, save_actions, save_ungrouped_actions
from testing.feed import HTMX, encode_cursor, entry_ids_by_page
from testing.markup import next_page
from testing.people import create_users, follow

VERBS = ["likes", "waved to", "did"]
# Actions of one person in a row, all at one time or a minute apart.
BLOCKS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(VERBS),
    st.integers(0, 2),
    st.integers(1, 30),
    st.integers(0, 5),
    st.sampled_from([0, 0, 1, 600]),
)
EVENTS = st.tuples(
    st.sampled_from(["write", "delete", "undo"]), st.integers(0, 2), st.integers(0, 300)
)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_feed_has_ten_entries_a_page(
    as_ana: Client, ben: User, headers: dict[str, str] | None
) -> None:
    keys = save_ungrouped_actions(ben, 25)
    assert entry_ids_by_page(as_ana, "/stream/", headers) == [keys[:10], keys[10:20], keys[20:]]


def test_the_last_page_says_that_there_is_no_older_activity(as_ana: Client, ben: User) -> None:
    save_ungrouped_actions(ben, 10)
    html = as_ana.get("/stream/").text
    assert "No older activity." in html
    assert not next_page(html)


def test_htmx_gets_only_older_entries_and_the_next_link(as_ana: Client, ben: User) -> None:
    save_ungrouped_actions(ben, 30)
    first = as_ana.get("/stream/", headers=HTMX).text
    assert first.lstrip().startswith('<div class="feed" id="feed">')
    html = as_ana.get(next_page(first), headers=HTMX).text
    assert 'id="feed"' not in html
    assert 'id="new-activity-poll"' not in html
    assert 'id="entries-more"' in html
    assert 'hx-swap-oob="true"' in html


def test_paging_repeats_and_skips_nothing_when_actions_are_added_or_deleted(
    as_ana: Client, ben: User, cleo: User
) -> None:
    keys = save_ungrouped_actions(ben, 22)
    second = next_page(as_ana.get("/stream/").text)
    create_action(cleo, "likes", ben)
    # The last action of the first page. The second page starts below it.
    Action.objects.filter(pk__in=[keys[9], keys[11]]).delete()
    assert entry_ids_by_page(as_ana, second) == [[keys[10], *keys[12:21]], keys[21:]]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    blocks=st.lists(BLOCKS, max_size=12),
    events=st.lists(st.lists(EVENTS, max_size=4), max_size=6),
    feed=st.sampled_from(["everybody", "followed", "one"]),
)
@example([(0, "likes", 0, 30, 0, 0)] * 5, [], "followed")
def test_paging_shows_each_remaining_action_once_while_others_write_and_delete(
    ana: User,
    ben: User,
    blocks: list[tuple[int, str, int, int, int, int]],
    events: list[list[tuple[str, int, int]]],
    feed: str,
) -> None:
    Action.objects.all().delete()
    User.objects.filter(username__startswith="person").delete()
    people = create_users(3)
    ana.following.set(people if feed == "followed" else [])  # type: ignore[attr-defined]
    for who, verb, target, count, minute, every in blocks:
        targets = [people[target], ben, people[who]]
        start = START + timedelta(minutes=minute)
        save_actions(
            make_actions(people[who], verb, targets, count), start, timedelta(minutes=every)
        )
    shown = Action.objects.filter(user=people[0]) if feed == "one" else Action.objects.all()
    initial = set(shown.values_list("pk", flat=True))
    keys = [action.pk for action in Action.objects.newest()]
    pages, cursor, seen = iter(events), "", []
    while True:
        page = (feed_of(people[0], ana) if feed == "one" else home_feed(ana)).page(cursor)
        assert len(page.rows) <= 10
        seen += [action.pk for entry in page.rows for action in entry.actions]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
        for event, who, number in next(pages, []):
            match event:
                case "write":
                    create_action(people[who], VERBS[number % 3], people[number % 2])
                case "delete":
                    Action.objects.filter(pk=keys[number % len(keys)]).delete()
                case "undo":
                    retract_action(people[who], VERBS[number % 3], people[number % 2])
    assert len(seen) == len(set(seen))
    remaining = set(Action.objects.values_list("pk", flat=True))
    assert initial & remaining <= set(seen) <= initial


@pytest.mark.parametrize("query", ["before", "after", "shown=0&after", "shown=3&after"])
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1",
        "WzFd",
        "WyIyMDI2LTAxLTAxIiwgMV0=",
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgMV0=",
        "%00",
        "' or 1",
    ],
)
def test_an_invalid_cursor_is_refused(as_ana: Client, cursor: str, query: str) -> None:
    response = as_ana.get(f"/stream/?{query}={cursor}", headers=HTMX)
    assert response.status_code == 400
    assert "Magpie could not read that request" in response.text


@given(
    created=st.datetimes(timezones=st.timezones()).map(str) | st.text() | st.none(),
    key=st.integers() | st.floats() | st.none() | st.text(),
    offset=st.sampled_from(["", "+14:00", "-14:00"]),
    query=st.sampled_from([{}, {"shown": "0"}]),
    side=st.sampled_from(["before", "after"]),
    follows=st.booleans(),
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example("0001-01-01T00:00:00", 1, "+14:00", {}, "before", True)
@example("9999-12-31T23:59:59", 1, "-14:00", {"shown": "0"}, "after", True)
def test_no_cursor_breaks_the_page(
    as_ana: Client,
    ana: User,
    ben: User,
    created: str | None,
    key: object,
    offset: str,
    query: dict[str, str],
    side: str,
    follows: bool,
) -> None:
    if follows:
        follow(ana, ben)
    cursor = encode_cursor([created and created + offset, key])
    response = as_ana.get("/stream/", query | {side: cursor}, headers=HTMX)
    assert response.status_code in {200, 204, 400}
