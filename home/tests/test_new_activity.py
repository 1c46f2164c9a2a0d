"""An open feed page polls for new activity, and adds it on request."""

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
from testing.actions import MINUTE, START, make_actions, save_actions, save_ungrouped_actions
from testing.feed import HTMX, entry_ids, entry_texts
from testing.markup import next_page
from testing.people import create_users, follow

MOMENT = timedelta(microseconds=1)
type AtMost = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def feed(as_ana: Client, ana: User, ben: User) -> Client:
    """Ana's browser. She follows Ben, who has two actions."""
    follow(ana, ben)
    save_ungrouped_actions(ben, 2)
    return as_ana


def poll_url(html: str) -> str:
    """Return the URL that the page requests every 30 seconds."""
    match = re.search(r'id="new-activity-poll"\s+hx-get="([^"]+)"\s+hx-trigger="every 30s"', html)
    assert match
    return unescape(match[1])


def link(html: str) -> tuple[str, str]:
    """Return the htmx URL and the text of the link to new activity."""
    match = re.search(
        r'(?s)id="new-activity-link".*?\shx-get="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>', html
    )
    assert match
    return unescape(match[1]), match[2]


def sing(user: User, count: int) -> list[int]:
    actions = [Action(user=user, verb=f"sang {n}") for n in range(count)]
    return save_actions(actions, timezone.now(), MOMENT)


def test_a_poll_without_new_activity_costs_two_queries(
    feed: Client, ana: User, cleo: User, django_assert_max_num_queries: AtMost
) -> None:
    poll = poll_url(feed.get("/stream/").text)
    # Actions of strangers and of Ana herself are not in her feed.
    sing(cleo, 3)
    create_action(ana, "is following", cleo)
    with django_assert_max_num_queries(2):
        response = feed.get(poll, headers=HTMX)
    assert (response.status_code, response.text) == (204, "")


@pytest.mark.parametrize(
    ("count", "label"),
    [(1, "1 new action"), (3, "3 new actions"), (100, "100 new actions")],
)
def test_a_link_counts_new_activity_and_adds_it_at_the_top(
    feed: Client, ben: User, count: int, label: str
) -> None:
    poll = poll_url(feed.get("/stream/", headers=HTMX).text)
    keys = sing(ben, count)
    html = feed.get(poll, headers=HTMX).text
    assert "<article" not in html
    url, text = link(html)
    assert text == label
    response = feed.get(url, headers=HTMX)
    assert entry_ids(response.text) == keys
    assert response.text.lstrip().startswith("<li")
    assert "HX-Retarget" not in response
    assert f'href="#action-{keys[0]}"' in response.text
    # The next poll starts at the newest action, so it finds nothing.
    assert feed.get(poll_url(response.text), headers=HTMX).status_code == 204


def test_the_link_is_sent_again_only_when_the_count_changes(feed: Client, ben: User) -> None:
    poll = poll_url(feed.get("/stream/").text)
    sing(ben, 3)
    poll = poll_url(feed.get(poll, headers=HTMX).text)
    assert "shown=3" in poll
    assert feed.get(poll, headers=HTMX).status_code == 204
    create_action(ben, "sang once more")
    html = feed.get(poll, headers=HTMX).text
    assert link(html)[1] == "4 new actions"
    assert "shown=4" in poll_url(html)


def test_undoing_the_only_new_action_removes_the_link(feed: Client, ben: User) -> None:
    poll = poll_url(feed.get("/stream/").text)
    create_action(ben, "sang")
    html = feed.get(poll, headers=HTMX).text
    url, poll = link(html)[0], poll_url(html)
    retract_action(ben, "sang")
    html = feed.get(poll, headers=HTMX).text
    assert "new-activity-link" not in html
    poll = poll_url(html)
    assert "shown=0" in poll
    assert feed.get(poll, headers=HTMX).status_code == 204
    # The earlier link has no new entries to show either.
    html = feed.get(url, headers=HTMX).text
    assert not entry_ids(html)
    assert "new-activity-link" not in html
    assert feed.get(poll_url(html), headers=HTMX).status_code == 204


def test_new_actions_that_the_viewer_may_not_see_are_not_counted(
    feed: Client, ben: User, cleo: User
) -> None:
    poll = poll_url(feed.get("/stream/").text)
    create_action(ben, "is following", cleo)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert feed.get(poll, headers=HTMX).status_code == 204


def test_old_actions_are_not_new_even_if_all_newer_ones_are_hidden(
    feed: Client, ben: User, cleo: User
) -> None:
    gone = [make_actions(ben, f"waved {number} times to", [cleo])[0] for number in range(10)]
    save_actions(gone, START + 10 * MINUTE)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    poll = poll_url(feed.get("/stream/").text)
    assert feed.get(poll, headers=HTMX).status_code == 204


def test_actions_committed_after_the_page_are_new_even_if_recorded_earlier(
    feed: Client, ben: User
) -> None:
    poll = poll_url(feed.get("/stream/").text)
    # This happens if a transaction commits long after it recorded the action.
    save_actions([Action(user=ben, verb="sang")], timezone.now() - timedelta(seconds=20))
    assert link(feed.get(poll, headers=HTMX).text)[1] == "1 new action"


def test_in_an_empty_feed_every_action_is_new(as_ana: Client, ben: User, cleo: User) -> None:
    poll = poll_url(as_ana.get("/stream/").text)
    assert as_ana.get(poll, headers=HTMX).status_code == 204
    create_action(ben, "is following", cleo)
    assert link(as_ana.get(poll, headers=HTMX).text)[1] == "1 new action"


def test_new_actions_are_counted_singly_and_shown_in_groups(feed: Client, ben: User) -> None:
    poll = poll_url(feed.get("/stream/").text)
    save_actions(make_actions(ben, "is following", create_users(12)), timezone.now(), MOMENT)
    url, label = link(feed.get(poll, headers=HTMX).text)
    assert label == "12 new actions"
    texts = entry_texts(feed.get(url, headers=HTMX).text)
    assert texts == ["Ben Okafor is following 12 people"]


def test_more_than_100_new_actions_link_to_the_whole_page(feed: Client, ben: User) -> None:
    poll = poll_url(feed.get("/stream/").text)
    url = poll.removesuffix("&shown=0").replace("/new/", "/")
    sing(ben, 101)
    html = feed.get(poll, headers=HTMX).text
    assert re.search(r'id="new-activity-link" href="/stream/">\s*Lots of new activity\s*</a>', html)
    assert feed.get(poll_url(html), headers=HTMX).status_code == 204
    # A link that was made when there were fewer loads the page again, from the top.
    open_page = {"HX-Current-URL": "http://testserver/?from=5"}
    assert feed.get(url, headers=HTMX | open_page)["HX-Redirect"] == "/"


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Boosted": "true"}])
@pytest.mark.parametrize("path", ["/stream/", "/stream/new/"])
def test_without_htmx_both_urls_show_the_whole_page(
    feed: Client, headers: dict[str, str], path: str
) -> None:
    query = poll_url(feed.get("/stream/").text).partition("?")[2]
    html = feed.get(f"{path}?{query}", headers=headers, follow=True).text
    assert "<html" in html
    assert len(entry_ids(html)) == 2


def test_pages_of_older_entries_do_not_poll(feed: Client, ben: User) -> None:
    keys = save_ungrouped_actions(ben, 12)
    html = feed.get(next_page(feed.get("/stream/").text)).text
    assert set(entry_ids(html)) & set(keys)
    assert "new-activity-poll" not in html


def test_the_poll_for_new_activity_refuses_post(feed: Client) -> None:
    url = poll_url(feed.get("/stream/").text)
    assert feed.post(url, headers=HTMX).status_code == 405
