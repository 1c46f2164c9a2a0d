"""New activity on an open page: first a link, then the entries, and nothing else moves."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import is_marked, mark, scripts_on
from e2e.test_feed import do_things, top_of
from people.models import Contact

pytestmark = scripts_on
HALF_A_MINUTE = 31_000


@pytest.fixture
def feed(page: Page, followed_ben: User) -> Page:
    """The dashboard with 15 entries by Ben, the first ten of which are shown."""
    do_things(followed_ben, 15)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    mark(page)
    return page


def wait(page: Page) -> int:
    """Let half a minute pass and return the status code of the poll for new activity."""
    with page.expect_response("**/stream/new/?after=*&shown=*") as response:
        page.clock.fast_forward(HALF_A_MINUTE)
    return response.value.status


def test_new_activity_is_announced_counted_and_shown(feed: Page, followed_ben: User) -> None:
    entries = feed.locator("#feed article")
    assert wait(feed) == 204
    expect(feed.locator("#new-activity")).to_be_empty()
    do_things(followed_ben, 1, begin=15)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new activity")).to_be_visible()
    do_things(followed_ben, 2, begin=16)
    wait(feed)
    link = feed.get_by_role("link", name="3 new activities")
    expect(link).to_be_visible()
    expect(feed.get_by_role("status").filter(has=link)).to_have_count(1)
    link.click()
    expect(entries).to_have_count(13)
    expect(entries.first).to_contain_text("Ben Okafor did thing number 17")
    expect(entries.first).to_be_focused()
    expect(entries.first).to_be_in_viewport()
    expect(entries.nth(3)).to_contain_text("Ben Okafor did thing number 14")
    expect(feed.locator("#new-activity")).to_be_empty()
    do_things(followed_ben, 1, begin=18)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new activity")).to_be_visible()
    assert is_marked(feed)


def test_the_entry_in_sight_stays_in_place(feed: Page, followed_ben: User) -> None:
    feed.set_viewport_size({"width": 600, "height": 400})
    entries = feed.locator("#feed article")
    read = entries.filter(has_text="thing number 06")
    feed.evaluate("scrollTo(0, 700)")
    expect(read).to_be_in_viewport()
    expect(entries).to_have_count(15)
    place = top_of(read)
    do_things(followed_ben, 3, begin=15)
    wait(feed)
    link = feed.get_by_role("link", name="3 new activities")
    expect(link).to_be_in_viewport()
    assert top_of(read) == place
    link.click()
    expect(entries).to_have_count(18)
    feed.wait_for_timeout(200)
    assert top_of(read) == place
    feed.get_by_role("link", name="Jump to new activity").click()
    expect(entries.first).to_be_in_viewport()
    expect(entries.first).to_be_focused()
    expect(feed.locator("#new-activity")).to_be_empty()
    assert is_marked(feed)


def test_actions_that_were_undone_are_not_new(feed: Page, followed_ben: User, cleo: User) -> None:
    Contact.objects.follow(followed_ben, cleo)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new activity")).to_be_visible()
    Contact.objects.unfollow(followed_ben, cleo)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new activity")).to_have_count(0)


def test_an_empty_feed_gets_new_activity(page: Page, followed_ben: User) -> None:
    page.clock.install()
    page.goto("/")
    expect(page.get_by_text("No activity yet.")).to_be_visible()
    do_things(followed_ben, 1)
    wait(page)
    page.get_by_role("link", name="1 new activity").click()
    expect(page.locator("#feed article")).to_have_count(1)
    expect(page.get_by_text("No activity yet.")).to_be_hidden()


def test_an_unreachable_server_leads_to_no_message(
    feed: Page, followed_ben: User, expect_complaint: Callable[[str], None]
) -> None:
    feed.route("**/stream/new/?after=*", lambda route: route.fulfill(status=503))
    wait(feed)
    feed.wait_for_timeout(200)
    expect_complaint("503")
    expect(feed.get_by_role("alert")).to_have_count(0)
    feed.unroute("**/stream/new/?after=*")
    do_things(followed_ben, 1, begin=15)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new activity")).to_be_visible()
