"""A page of the feed costs few queries, whatever it shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from stream.models import Action
from testing.actions import make_actions, save_actions
from testing.feed import HTMX, entry_ids
from testing.markup import next_page
from testing.people import count_image, create_users, follow

MOST = 8
type AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def people(db: None) -> list[User]:
    people = create_users(12)
    for person in people[1:]:
        follow(people[0], person)
        count_image(person)
    return people


@pytest.fixture(params=["nobody", "few", "many"])
def following(
    request: pytest.FixtureRequest, ana: User, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> str:
    """How many people Ana follows, few or many for the queries of her feed."""
    if request.param != "nobody":
        ana.following.set(people)  # type: ignore[attr-defined]
    if request.param == "many":
        monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 1)
    return str(request.param)


def actions_of(people: list[User], kind: str) -> list[Action]:
    """Return actions of 12 people that fill two pages, as single actions or in groups."""
    if kind == "singles":
        acts = [("waved to", people[0]), ("sang", None)]
        numbered = [(f"{verb} {n}", other) for n in range(12) for verb, other in acts]
        return [Action(user=people[1], verb=verb, target=other) for verb, other in numbered]
    verbs = ["is following", *(f"waved {n} times to" for n in range(30))]
    return [act for verb in verbs for act in make_actions(people[1], verb, people[2:], 4)]


@pytest.mark.parametrize("headers", [None, HTMX])
@pytest.mark.parametrize("kind", ["singles", "groups"])
def test_a_page_costs_at_most_8_queries(
    as_ana: Client,
    people: list[User],
    following: str,
    kind: str,
    headers: dict[str, str] | None,
    django_assert_max_num_queries: AtMost,
) -> None:
    save_actions(actions_of(people, kind))
    # Content types are looked up once in each process.
    as_ana.get("/stream/")
    with django_assert_max_num_queries(MOST):
        first = as_ana.get("/stream/", headers=headers).text
    with django_assert_max_num_queries(MOST):
        second = as_ana.get(next_page(first), headers=headers).text
    assert len(entry_ids(first)) == len(entry_ids(second)) == 10
    assert ('class="suggestions"' in first) == (following == "nobody")


def test_a_page_of_many_likes_or_from_a_row_costs_at_most_8_queries(
    as_ana: Client,
    people: list[User],
    bookmark: Callable[..., Image],
    following: str,
    django_assert_max_num_queries: AtMost,
) -> None:
    images = [bookmark(people[1], f"Bird {number}") for number in range(20)]
    likes = [Action(user=each, verb="likes", target=image) for image in images for each in people]
    keys = save_actions([*likes, *make_actions(people[1], "is following", people[2:])])
    for path in ("/stream/", f"/stream/?from={keys[0]}", f"/stream/?from={keys[200]}"):
        as_ana.get(path)
        with django_assert_max_num_queries(MOST):
            assert entry_ids(as_ana.get(path).text)


@pytest.mark.parametrize("query", ["?after=", "new/?after=&shown=0&everyone=1"])
def test_showing_new_activity_costs_at_most_8_queries(
    as_ana: Client, people: list[User], query: str, django_assert_max_num_queries: AtMost
) -> None:
    save_actions(actions_of(people, "groups")[:100])
    as_ana.get("/stream/")
    with django_assert_max_num_queries(MOST):
        html = as_ana.get(f"/stream/{query}", headers=HTMX).text
    assert "100 new actions" in html if "new/" in query else len(entry_ids(html)) == 25
