"""A page costs few queries, no more for twenty rows than for one, and none of them counts rows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from testing.feed import HTMX
from testing.paths import LIST_PATHS
from testing.queries import counts_rows

pytestmark = pytest.mark.django_db
# The statements that each page of `LIST_PATHS` may take.
MOST = {
    "/": 2,
    "/stream/": 7,
    "/people/": 3,
    "/people/ben/": 8,
    "/people/ben/activity/": 6,
    "/people/ben/followers/": 6,
    "/people/ben/following/": 6,
    "/images/": 3,
    "/images/{image}/": 9,
    "/images/{image}/likes/": 6,
}


def statements(client: Client, path: str, headers: dict[str, str] | None = None) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers=headers, follow=True).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "partial"])
def test_a_page_costs_few_queries_for_one_row_or_twenty_and_counts_none(
    as_ana: Client,
    image: Image,
    add_rows: Callable[[int], None],
    headers: dict[str, str] | None,
) -> None:
    def costs() -> dict[str, list[str]]:
        return {
            path: statements(as_ana, path.format(image=image.pk), headers) for path in LIST_PATHS
        }

    add_rows(1)
    # Content types are looked up once in each process.
    costs()
    one = costs()
    add_rows(19)
    twenty = costs()
    for path in LIST_PATHS:
        # If many of the newest actions are in few entries, a feed reads once more.
        more = path == "/stream/"
        assert len(twenty[path]) <= len(one[path]) + more, (path, twenty[path])
        assert max(len(one[path]), len(twenty[path])) <= MOST[path], (path, twenty[path])
        counting = [sql for sql in one[path] + twenty[path] if counts_rows(sql)]
        assert not counting, path


def test_a_profile_that_begins_with_a_later_image_costs_no_more(
    as_ana: Client, image: Image, add_rows: Callable[[int], None]
) -> None:
    add_rows(20)
    keys = Image.objects.order_by("-pk").values_list("pk", flat=True)
    for key in (keys[1], keys[15], image.pk):
        assert len(statements(as_ana, f"/people/ben/?from={key}")) <= MOST["/people/ben/"]


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
    image: Image,
    add_rows: Callable[[int], None],
    path: str,
    presses: tuple[str, str],
    headers: dict[str, str] | None,
) -> None:
    def press() -> list[list[str]]:
        costs = []
        for action in presses:
            with CaptureQueriesContext(connection) as queries:
                as_ana.post(path.format(image=image.pk), {"action": action}, headers=headers)
            costs.append([query["sql"] for query in queries])
        return costs

    add_rows(1)
    press()
    one = press()
    add_rows(19)
    twenty = press()
    assert [len(cost) for cost in one] == [len(cost) for cost in twenty]
    assert not [sql for cost in one + twenty for sql in cost if counts_rows(sql)]
