"""A page of the feed costs few queries, whatever it shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.test import Client

from stream.models import Action
from testing.actions import make_actions, save_actions
from testing.feed import HTMX, entry_ids
from testing.markup import next_page
from testing.people import create_users, follow

MOST = 8
VERBS = ["is following", "waved to"]
type AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def people(db: None) -> list[User]:
    people = create_users(12)
    for person in people[1:]:
        follow(people[0], person)
    return people


def actions_of(people: list[User], kind: str) -> list[Action]:
    """Return actions of 12 people that fill a page, as single actions or as full groups."""
    if kind == "singles":
        acts = [("is following", people[0]), ("waved to", people[1]), ("sang", None)]
        return [Action(user=one, verb=verb, target=other) for one in people for verb, other in acts]
    return [
        act for person in people for verb in VERBS for act in make_actions(person, verb, people, 10)
    ]


@pytest.mark.parametrize("headers", [None, HTMX])
@pytest.mark.parametrize("kind", ["singles", "groups"])
@pytest.mark.parametrize("following", ["nobody", "few", "many"])
def test_a_page_costs_at_most_8_queries(
    as_ana: Client,
    ana: User,
    people: list[User],
    following: str,
    kind: str,
    headers: dict[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: AtMost,
) -> None:
    if following != "nobody":
        ana.following.set(people)  # type: ignore[attr-defined]
    if following == "many":
        monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 1)
    save_actions(actions_of(people, kind))
    # Content types are looked up once in each process.
    as_ana.get("/stream/")
    with django_assert_max_num_queries(MOST):
        first = as_ana.get("/stream/", headers=headers).text
    with django_assert_max_num_queries(MOST):
        second = as_ana.get(next_page(first), headers=headers).text
    assert len(entry_ids(first)) == len(entry_ids(second)) == 10
    assert ('class="suggestions"' in first) == (following == "nobody")


@pytest.mark.parametrize("query", ["?after=", "new/?after=&shown=0&everyone=1"])
def test_showing_new_activity_costs_at_most_8_queries(
    as_ana: Client, people: list[User], query: str, django_assert_max_num_queries: AtMost
) -> None:
    save_actions(actions_of(people, "groups")[:100])
    as_ana.get("/stream/")
    with django_assert_max_num_queries(MOST):
        html = as_ana.get(f"/stream/{query}", headers=HTMX).text
    assert "100 new activities" in html if "new/" in query else len(entry_ids(html)) == 10
