"""New activity is announced by a link, which adds the entries and moves nothing else."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from e2e.pages import is_marked, mark, top_of
from people.models import Contact

pytestmark = scripts_on
HALF_A_MINUTE = 31_000


@pytest.fixture
def feed(page: Page, followed_ben: User) -> Page:
    """Open the dashboard, which shows the first ten of 15 entries by Ben."""
    create_actions(followed_ben, 15)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    mark(page)
    return page


def wait(page: Page) -> int:
    """Let half a minute pass, and return the status of the request for new activity."""
    with page.expect_response("**/stream/new/?after=*&shown=*") as response:
        page.clock.fast_forward(HALF_A_MINUTE)
    return response.value.status


def test_new_activity_is_announced_counted_and_shown(feed: Page, followed_ben: User) -> None:
    entries = feed.locator("#feed article")
    assert wait(feed) == 204
    expect(feed.locator("#new-activity")).to_be_empty()
    create_actions(followed_ben, 1, begin=15)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new action")).to_be_visible()
    create_actions(followed_ben, 2, begin=16)
    wait(feed)
    link = feed.get_by_role("link", name="3 new actions")
    expect(link).to_be_visible()
    expect(feed.get_by_role("status").filter(has=link)).to_have_count(1)
    link.click()
    expect(entries).to_have_count(13)
    expect(entries.first).to_contain_text("Ben Okafor did thing number 17")
    expect(entries.first).to_be_focused()
    expect(entries.first).to_be_in_viewport()
    expect(entries.nth(3)).to_contain_text("Ben Okafor did thing number 14")
    expect(feed.locator("#new-activity")).to_be_empty()
    create_actions(followed_ben, 1, begin=18)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new action")).to_be_visible()
    assert is_marked(feed)


def test_the_visible_entry_stays_in_place(feed: Page, followed_ben: User) -> None:
    feed.set_viewport_size({"width": 600, "height": 400})
    entries = feed.locator("#feed article")
    visible = entries.filter(has_text="thing number 06")
    feed.evaluate("scrollTo(0, 700)")
    expect(visible).to_be_in_viewport()
    expect(entries).to_have_count(15)
    top = top_of(visible)
    create_actions(followed_ben, 3, begin=15)
    wait(feed)
    link = feed.get_by_role("link", name="3 new actions")
    expect(link).to_be_in_viewport()
    assert top_of(visible) == top
    link.click()
    expect(entries).to_have_count(18)
    feed.wait_for_timeout(200)
    assert top_of(visible) == top
    feed.get_by_role("link", name="Jump to new activity").click()
    expect(entries.first).to_be_in_viewport()
    expect(entries.first).to_be_focused()
    expect(feed.locator("#new-activity")).to_be_empty()
    assert is_marked(feed)


def test_actions_that_were_undone_are_not_new(feed: Page, followed_ben: User, cleo: User) -> None:
    Contact.objects.follow(followed_ben, cleo)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new action")).to_be_visible()
    Contact.objects.unfollow(followed_ben, cleo)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new action")).to_have_count(0)


def test_an_empty_feed_gets_new_activity(page: Page, followed_ben: User) -> None:
    page.clock.install()
    page.goto("/")
    expect(page.get_by_text("No activity yet.")).to_be_visible()
    create_actions(followed_ben, 1)
    wait(page)
    page.get_by_role("link", name="1 new action").click()
    expect(page.locator("#feed article")).to_have_count(1)
    expect(page.get_by_text("No activity yet.")).to_be_hidden()


def test_a_failed_request_for_new_activity_shows_no_message(
    feed: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    feed.route("**/stream/new/?after=*", lambda route: route.fulfill(status=503))
    wait(feed)
    feed.wait_for_timeout(200)
    expect_console_error("503")
    expect(feed.get_by_role("alert")).to_have_count(0)
    feed.unroute("**/stream/new/?after=*")
    create_actions(followed_ben, 1, begin=15)
    wait(feed)
    expect(feed.get_by_role("link", name="1 new action")).to_be_visible()
