"""Every list has a page that begins with a given row, and a link to the rows above it."""

import re
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image, Like
from people.models import Contact
from stream.models import Action
from testing.actions import save_actions, save_ungrouped_actions
from testing.markup import next_page, previous_page
from testing.people import create_users

pytestmark = pytest.mark.django_db
# Each list, and a number of rows that fills two pages and a part of a third.
LISTS = {
    "/images/": 40,
    "/people/": 60,
    "/people/ben/": 30,
    "/people/ben/followers/": 60,
    "/people/ben/following/": 60,
    "/people/ben/likes/": 50,
    "/people/ben/activity/": 25,
    "/stream/": 25,
}
FEEDS = {"/people/ben/activity/", "/stream/"}


@pytest.fixture(params=LISTS)
def path(request: pytest.FixtureRequest, ana: User, ben: User) -> str:
    """Return the path of a list, after filling it."""
    path: str = request.param
    number = LISTS[path]
    if path.startswith("/images/") or path in {"/people/ben/", "/people/ben/likes/"}:
        images = Image.objects.bulk_create(
            Image(user=ben, title="A bird", slug="x", image="x.png", width=1, height=1)
            for _ in range(number)
        )
        # Ben liked them in another order than that of their keys.
        Like.objects.bulk_create(
            Like(image=image, user=ben, is_counted=True) for image in images[::2] + images[1::2]
        )
    elif path in FEEDS:
        Contact.objects.follow(ana, ben)
        save_ungrouped_actions(ben, number)
    else:
        for person in create_users(number):
            if path.endswith("/followers/"):
                Contact.objects.follow(person, ben)
            elif path.endswith("/following/"):
                Contact.objects.follow(ben, person)
    return path


def keys(html: str) -> list[int]:
    return [int(key) for key in re.findall(r'<article[^>]* id="\w+-(\d+)"', html)]


def pages_of(client: Client, path: str) -> list[list[int]]:
    pages = []
    while path:
        html = client.get(path).text.partition('aria-labelledby="following"')[0]
        pages.append(keys(html))
        path = next_page(html)
    return pages


def all_rows(client: Client, path: str) -> list[int]:
    return list(chain.from_iterable(pages_of(client, path)))


def test_a_row_of_a_later_page_begins_a_page(as_ana: Client, path: str) -> None:
    first, *others = pages_of(as_ana, path)
    rows = list(chain.from_iterable(others))
    assert len(others) >= 2
    for key in (rows[0], rows[3], rows[-1]):
        assert all_rows(as_ana, f"{path}?from={key}") == rows[rows.index(key) :]
    for key in (first[0], first[3], first[-1]):
        html = as_ana.get(f"{path}?from={key}").text
        assert keys(html)[: len(first)] == first
        assert not previous_page(html)


@pytest.mark.parametrize("path", sorted(LISTS.keys() - FEEDS), indirect=True)
def test_a_page_from_a_row_costs_no_more_queries_than_the_first(as_ana: Client, path: str) -> None:
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_ana.get(url).status_code == 200
        return len(queries)

    rows = all_rows(as_ana, path)
    most = cost(path)
    for key in (rows[2], rows[-1]):
        assert cost(f"{path}?from={key}") <= most


def test_links_lead_to_the_rows_above(as_ana: Client, path: str) -> None:
    rows = all_rows(as_ana, path)
    html = as_ana.get(f"{path}?from={rows[-1]}").text
    above: list[int] = []
    while url := previous_page(html):
        html = as_ana.get(url).text
        page = [key for key in pages_of(as_ana, url)[0] if key not in above]
        above = page + above
    assert above[0] == rows[0]
    assert path in FEEDS or above[: len(rows) - 1] == rows[:-1]


def test_the_next_row_takes_the_place_of_one_that_is_gone(as_ana: Client, ben: User) -> None:
    oldest, *_, gone, newest = Image.objects.bulk_create(
        Image(user=ben, title="A bird", slug="x", image="x.png", width=1, height=1)
        for _ in range(30)
    )
    Image._base_manager.filter(pk=gone.pk).delete()
    html = as_ana.get(f"/images/?from={gone.pk}").text
    assert keys(html)[0] == gone.pk - 1
    assert keys(as_ana.get(f"/images/?from={newest.pk + 5}").text)[0] == newest.pk
    assert keys(as_ana.get(f"/images/?from={oldest.pk - 1 or 1}").text)


def test_the_feed_begins_with_the_next_action_if_one_was_undone(as_ana: Client, ben: User) -> None:
    rows = save_ungrouped_actions(ben, 25)
    Action.objects.filter(pk=rows[12]).delete()
    assert keys(as_ana.get(f"/stream/?from={rows[12]}").text) == rows[13:23]


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "1.5", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("path", ["/images/", "/people/", "/people/ana/likes/", "/stream/"])
def test_a_key_that_is_none_is_refused(as_ana: Client, path: str, value: Any) -> None:
    assert as_ana.get(path, {"from": value}).status_code == 400


def test_the_home_page_loads_the_feed_from_the_same_row(as_ana: Client) -> None:
    assert 'hx-get="/stream/?from=5"' in as_ana.get("/", {"from": "5", "after": "x"}).text


def test_notifications_begin_with_a_row(as_ana: Client, ana: User) -> None:
    fans = create_users(70)
    save_actions(
        [
            Action(user=fan, verb=f"waved {number}", target=ana, recipient=ana)
            for number, fan in enumerate(fans)
        ],
        interval=timedelta(hours=1),
    )
    rows = all_rows(as_ana, "/notifications/")
    assert len(rows) == 70
    assert keys(as_ana.get(f"/notifications/?from={rows[65]}").text) == rows[65:]
    assert keys(as_ana.get(f"/notifications/?from={rows[5]}").text) == rows[:60]
