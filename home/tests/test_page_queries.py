"""A page costs no more queries for twenty rows than for one, and none of them counts rows."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people.models import Contact
from testing.feed import HTMX
from testing.people import create_users

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]
PAGES = (
    *("/images/", "/people/", "/people/ben/", "/stream/", "/"),
    *("/people/ben/followers/", "/people/ben/following/", "/people/ben/activity/"),
    *("/images/{image}/", "/images/{image}/likes/"),
)


def statements(client: Client, path: str, headers: dict[str, str] | None = None) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=headers, follow=True).status_code == 200
    return [query["sql"] for query in queries]


def live(people: list[User], ben: User, image: Image, bookmark: Bookmark) -> None:
    """Let each person follow Ben and be followed by him, like his image, and save one of theirs."""
    for person in people:
        Contact.objects.follow(person, ben)
        Contact.objects.follow(ben, person)
        image.like(person)
        saved = bookmark(ben, title=f"For {person}")
        saved.like(person)


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "partial"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_no_more_queries_for_twenty_rows_and_counts_none(
    as_ana: Client,
    ana: User,
    ben: User,
    bookmark: Bookmark,
    path: str,
    headers: dict[str, str] | None,
) -> None:
    image = bookmark(ben, title="A bird")
    Contact.objects.follow(ana, ben)
    people = create_users(20)
    path = path.format(image=image.pk)
    live(people[:1], ben, image, bookmark)
    # Content types are looked up once in each process.
    statements(as_ana, path, headers)
    one = statements(as_ana, path, headers)
    live(people[1:], ben, image, bookmark)
    twenty = statements(as_ana, path, headers)
    # A later feed may show fewer kinds of targets.
    assert len(twenty) <= len(one), twenty
    counting = [sql for sql in one + twenty if "COUNT(" in sql]
    assert not counting


@pytest.mark.parametrize(
    ("path", "presses"),
    [
        ("/people/ben/follow/", ("follow", "unfollow")),
        ("/images/{image}/like/", ("like", "unlike")),
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["form", "htmx"])
def test_a_press_costs_the_same_queries_for_one_row_and_twenty_and_counts_none(
    as_ana: Client,
    ben: User,
    bookmark: Bookmark,
    path: str,
    presses: tuple[str, str],
    headers: dict[str, str] | None,
) -> None:
    image = bookmark(ben, title="A bird")
    people = create_users(20)

    def press() -> list[list[str]]:
        costs = []
        for action in presses:
            with CaptureQueriesContext(connection) as queries:
                as_ana.post(path.format(image=image.pk), {"action": action}, headers=headers)
            costs.append([query["sql"] for query in queries])
        return costs

    live(people[:1], ben, image, bookmark)
    press()
    one = press()
    live(people[1:], ben, image, bookmark)
    twenty = press()
    assert [len(cost) for cost in one] == [len(cost) for cost in twenty]
    assert not [sql for cost in one + twenty for sql in cost if "COUNT(" in sql]
