"""What an open page of the feed is told that is new."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from stream.models import Action
from stream.record import create_action, retract_action
from testing.feed import HTMX, MINUTE, START, crowd, entries, follow, record, run, store, told
from testing.markup import next_page

MOMENT = timedelta(microseconds=1)
type AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def feed(as_ana: Client, ana: User, ben: User) -> Client:
    """Ana's browser; she follows Ben, who did something."""
    follow(ana, ben)
    record(ben, 2)
    return as_ana


def question(html: str) -> str:
    """Return what the page asks every 30 seconds."""
    asks = re.search(r'id="news-ask" hx-get="([^"]+)" hx-trigger="every 30s"', html)
    assert asks
    return unescape(asks[1])


def link(html: str) -> tuple[str, str]:
    """Return where the link leads, with htmx, and what it says."""
    news = re.search(r'id="news-link".*? hx-get="([^"]+)"[^>]*>([^<]+)</a>', html, re.DOTALL)
    assert news
    return unescape(news[1]), news[2]


def sing(user: User, count: int) -> list[int]:
    return store(
        (Action(user=user, verb=f"sang {n}") for n in range(count)), timezone.now(), MOMENT
    )


def test_nothing_new_costs_two_queries(
    feed: Client, ana: User, cleo: User, django_assert_max_num_queries: AtMost
) -> None:
    asks = question(feed.get("/stream/").text)
    # Of a stranger's acts, and of her own, Ana is not told.
    sing(cleo, 3)
    create_action(ana, "is following", cleo)
    with django_assert_max_num_queries(2):
        response = feed.get(asks, headers=HTMX)
    assert (response.status_code, response.text) == (204, "")


@pytest.mark.parametrize(
    ("count", "says"), [(1, "1 new activity"), (3, "3 new activities"), (100, "100 new activities")]
)
def test_a_link_says_how_much_is_new_and_shows_it_in_front(
    feed: Client, ben: User, count: int, says: str
) -> None:
    asks = question(feed.get("/stream/", headers=HTMX).text)
    keys = sing(ben, count)
    html = feed.get(asks, headers=HTMX).text
    assert "<article" not in html
    url, text = link(html)
    assert text == says
    response = feed.get(url, headers=HTMX)
    assert entries(response.text) == keys
    assert response.text.lstrip().startswith("<li")
    assert "HX-Retarget" not in response
    assert f'href="#action-{keys[0]}"' in response.text
    # The place of the newest: nothing is newer than that.
    assert feed.get(question(response.text), headers=HTMX).status_code == 204


def test_while_as_many_are_new_nothing_is_said_again(feed: Client, ben: User) -> None:
    asks = question(feed.get("/stream/").text)
    sing(ben, 3)
    asks = question(feed.get(asks, headers=HTMX).text)
    assert "told=3" in asks
    assert feed.get(asks, headers=HTMX).status_code == 204
    create_action(ben, "sang once more")
    html = feed.get(asks, headers=HTMX).text
    assert link(html)[1] == "4 new activities"
    assert "told=4" in question(html)


def test_of_what_was_undone_meanwhile_no_link_is_left(feed: Client, ben: User) -> None:
    asks = question(feed.get("/stream/").text)
    create_action(ben, "sang")
    html = feed.get(asks, headers=HTMX).text
    url, asks = link(html)[0], question(html)
    retract_action(ben, "sang")
    html = feed.get(asks, headers=HTMX).text
    assert "news-link" not in html
    asks = question(html)
    assert "told=0" in asks
    assert feed.get(asks, headers=HTMX).status_code == 204
    # Whoever had pressed it in that moment is not led to anything either.
    html = feed.get(url, headers=HTMX).text
    assert not entries(html)
    assert "news-link" not in html
    assert feed.get(question(html), headers=HTMX).status_code == 204


def test_what_is_new_but_not_to_be_seen_is_not_counted(feed: Client, ben: User, cleo: User) -> None:
    asks = question(feed.get("/stream/").text)
    create_action(ben, "is following", cleo)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert feed.get(asks, headers=HTMX).status_code == 204


def test_what_is_old_is_not_new_though_nothing_newer_can_be_seen(
    feed: Client, ben: User, cleo: User
) -> None:
    gone = [run(ben, f"waved {number} times to", [cleo])[0] for number in range(10)]
    store(gone, START + 10 * MINUTE)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    asks = question(feed.get("/stream/").text)
    assert feed.get(asks, headers=HTMX).status_code == 204


def test_what_was_begun_before_the_page_and_ends_after_it_is_new(feed: Client, ben: User) -> None:
    asks = question(feed.get("/stream/").text)
    # As when a transaction takes long from here to its end.
    store([Action(user=ben, verb="sang")], timezone.now() - timedelta(seconds=20))
    assert link(feed.get(asks, headers=HTMX).text)[1] == "1 new activity"


def test_in_an_empty_feed_all_is_new(as_ana: Client, ben: User, cleo: User) -> None:
    asks = question(as_ana.get("/stream/").text)
    assert as_ana.get(asks, headers=HTMX).status_code == 204
    create_action(ben, "is following", cleo)
    assert link(as_ana.get(asks, headers=HTMX).text)[1] == "1 new activity"


def test_new_acts_are_counted_one_by_one_and_shown_as_runs(feed: Client, ben: User) -> None:
    asks = question(feed.get("/stream/").text)
    store(run(ben, "is following", crowd(12)), timezone.now(), MOMENT)
    url, says = link(feed.get(asks, headers=HTMX).text)
    assert says == "12 new activities"
    assert told(feed.get(url, headers=HTMX).text) == [
        "Ben Okafor is following 10 people",
        "Ben Okafor is following 2 people",
    ]


def test_more_than_100_lead_to_the_whole_page(feed: Client, ben: User) -> None:
    asks = question(feed.get("/stream/").text)
    url = asks.removesuffix("&told=0")
    sing(ben, 101)
    html = feed.get(asks, headers=HTMX).text
    assert re.search(r'id="news-link" href="/stream/">Many new activities</a>', html)
    assert feed.get(question(html), headers=HTMX).status_code == 204
    # Whoever pressed when there were fewer gets the page anew.
    assert feed.get(url, headers=HTMX)["HX-Refresh"] == "true"


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Boosted": "true"}])
@pytest.mark.parametrize("rest", ["", "&told=0", "&told=2"])
def test_without_htmx_the_address_is_that_of_the_whole_page(
    feed: Client, headers: dict[str, str], rest: str
) -> None:
    after = question(feed.get("/stream/").text).removesuffix("&told=0")
    html = feed.get(f"{after}{rest}", headers=headers).text
    assert "<html" in html
    assert len(entries(html)) == 2


def test_pages_of_older_entries_ask_for_nothing(feed: Client, ben: User) -> None:
    keys = record(ben, 12)
    html = feed.get(next_page(feed.get("/stream/").text)).text
    assert set(entries(html)) & set(keys)
    assert "news-ask" not in html


def test_news_are_asked_for_and_never_posted(feed: Client) -> None:
    url = question(feed.get("/stream/").text)
    assert feed.post(url, headers=HTMX).status_code == 405
