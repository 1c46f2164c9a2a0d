"""The home feed: whose actions it shows, page by page."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stream.models import Action
from stream.record import create_action, retract_action

HTMX = {"HX-Request": "true"}
FIXTURES_ARE_SHARED = [HealthCheck.function_scoped_fixture]
START = datetime(2026, 1, 1, tzinfo=UTC)


def follow(follower: User, followed: User) -> None:
    follower.following.add(followed)  # type: ignore[attr-defined]


def entries(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="entry" id="action-(\d+)"', html)]


def older(html: str) -> str:
    link = re.search(r'rel="next" href="([^"]+)"[^>]*>Older activity</a>', html)
    return link[1] if link else ""


def record(user: User, count: int) -> list[int]:
    """Record actions of one user, a minute apart; returns their keys, newest first."""
    actions = [Action(user=user, verb=f"did thing {number}") for number in range(count)]
    actions = Action.objects.bulk_create(actions)
    for number, action in enumerate(actions):
        Action.objects.filter(pk=action.pk).update(created=START + timedelta(minutes=number))
    return [action.pk for action in reversed(actions)]


def encode(values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()


def to_the_end(client: Client, headers: dict[str, str] | None = None) -> list[list[int]]:
    url, pages = "/stream/", []
    while url:
        html = client.get(url, headers=headers).text
        pages.append(entries(html))
        url = older(html)
    return pages


def test_it_shows_what_the_people_i_follow_did(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, ben)
    record(cleo, 1)
    record(ana, 1)
    bens = record(ben, 2)
    assert entries(as_ana.get("/stream/").text) == bens


def test_it_shows_what_everybody_did_while_i_follow_nobody_but_never_my_own(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    record(ana, 1)
    create_action(cleo, "is following", ben)
    html = as_ana.get("/stream/").text
    assert len(entries(html)) == 1
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "cleo is following Ben Okafor now" in text


def test_somebody_who_follows_inactive_people_alone_sees_what_everybody_did(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, ben)
    record(cleo, 1)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    html = as_ana.get("/stream/").text
    assert len(entries(html)) == 1
    assert "You follow nobody yet" in html


def test_what_is_withdrawn_vanishes(as_ana: Client, ben: User, cleo: User) -> None:
    create_action(cleo, "is following", ben)
    assert len(entries(as_ana.get("/stream/").text)) == 1
    retract_action(cleo, "is following", ben)
    html = as_ana.get("/stream/").text
    assert not entries(html)
    assert "Nothing has happened here yet" in html


@pytest.mark.parametrize("gone", ["actor", "target"])
@pytest.mark.parametrize("deleted", [True, False])
def test_what_concerns_a_deleted_or_inactive_person_is_not_shown(
    as_ana: Client, ben: User, cleo: User, gone: str, deleted: bool
) -> None:
    create_action(cleo, "is following", ben)
    person = cleo if gone == "actor" else ben
    if deleted:
        person.delete()
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert not entries(as_ana.get("/stream/").text)


def test_an_entry_whose_target_is_gone_does_no_harm(as_ana: Client, ben: User, cleo: User) -> None:
    create_action(cleo, "is following", ben)
    Action.objects.update(target_id=10**9)
    create_action(cleo, "likes", ben.profile)
    response = as_ana.get("/stream/")
    assert response.status_code == 200
    assert len(entries(response.text)) == 1


@pytest.mark.parametrize("headers", [None, HTMX])
def test_it_is_paged_ten_by_ten_to_its_end(
    as_ana: Client, ben: User, headers: dict[str, str] | None
) -> None:
    keys = record(ben, 25)
    assert to_the_end(as_ana, headers) == [keys[:10], keys[10:20], keys[20:]]


def test_the_last_page_says_that_it_is_the_end(as_ana: Client, ben: User) -> None:
    record(ben, 10)
    html = as_ana.get("/stream/").text
    assert "You have reached the beginning." in html
    assert "Older activity" not in html.replace('aria-label="Older activity"', "")


def test_htmx_gets_older_entries_and_the_next_link_alone(as_ana: Client, ben: User) -> None:
    record(ben, 30)
    first = as_ana.get("/stream/", headers=HTMX).text
    assert first.lstrip().startswith('<div class="feed" id="feed">')
    html = as_ana.get(older(first), headers=HTMX).text
    assert 'id="feed"' not in html
    assert 'id="entries-more"' in html
    assert 'hx-swap-oob="true"' in html


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 3), max_size=35), st.lists(st.booleans(), max_size=8))
def test_paging_shows_what_stands_throughout_once_though_others_write_and_delete(
    as_ana: Client, ben: User, cleo: User, minutes: list[int], events: list[bool]
) -> None:
    Action.objects.all().delete()
    keys = record(ben, len(minutes))
    # Many at the same instant, which paging must tell apart by their keys.
    for key, minute in zip(keys, minutes, strict=True):
        Action.objects.filter(pk=key).update(created=START + timedelta(minutes=minute))
    url, seen, deleted = "/stream/", [], set()
    todo = iter(events)
    while url:
        html = as_ana.get(url).text
        seen += entries(html)
        url = older(html)
        match next(todo, None):
            case True:
                create_action(cleo, f"wrote at {len(seen)}")
            case False if keys:
                deleted.add(keys[len(seen) % len(keys)])
                Action.objects.filter(pk__in=deleted).delete()
    assert len(seen) == len(set(seen))
    assert set(keys) - deleted <= set(seen)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1",
        "WzFd",
        "WyIyMDI2LTAxLTAxIiwgMV0=",
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgMV0=",
        "\0",
        "' or 1",
    ],
)
def test_a_cursor_that_is_none_is_refused(as_ana: Client, cursor: str) -> None:
    response = as_ana.get("/stream/", {"before": cursor})
    assert response.status_code == 400
    assert "We did not understand that" in response.text


@given(
    created=st.datetimes(timezones=st.timezones()).map(str) | st.text() | st.none(),
    key=st.integers() | st.floats() | st.none() | st.text(),
    offset=st.sampled_from(["", "+14:00", "-14:00"]),
)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("0001-01-01T00:00:00", 1, "+14:00")
@example("9999-12-31T23:59:59", 1, "-14:00")
def test_no_cursor_breaks_the_page(
    as_ana: Client, created: str | None, key: object, offset: str
) -> None:
    cursor = encode([created and created + offset, key])
    assert as_ana.get("/stream/", {"before": cursor}).status_code in {200, 400}


def test_a_page_costs_the_same_queries_whatever_is_in_it(
    as_ana: Client,
    ana: User,
    ben: User,
    cleo: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    people = [User.objects.create_user(f"person{number}") for number in range(12)]
    follow(ana, ben)
    create_action(ben, "is following", people[0])
    as_ana.get("/stream/")
    # Session, reader, whether they follow anybody, actions; people and profiles of both sides.
    with django_assert_num_queries(8):
        as_ana.get("/stream/")
    for person in people:
        follow(ana, person)
        create_action(person, "is following", ben)
        create_action(person, "has created an account")
    with django_assert_num_queries(8):
        assert len(entries(as_ana.get("/stream/").text)) == 10


def test_times_are_told_to_people_and_to_machines(as_ana: Client, ben: User) -> None:
    record(ben, 1)
    html = as_ana.get("/stream/").text
    assert re.search(r'<time datetime="2026-01-01T00:00:00\+00:00">[^<]+ ago</time>', html)
