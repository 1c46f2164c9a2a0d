"""At 400 kbit/s and round trips of 400 ms, everything works and shows that it is loading."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import scripts_on
from e2e.feed import OLDER, action_texts, create_actions
from e2e.held_requests import HeldRequests
from e2e.pages import is_marked, mark
from images.models import Image, Like
from people.models import Contact

pytestmark = scripts_on

BYTES_PER_SECOND = 400_000 / 8


@pytest.fixture(autouse=True)
def slow(page: Page) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )


@pytest.fixture
def sent(page: Page) -> list[str]:
    """Collect the requests of the page, each as its method and URL."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    return sent


def expect_to_wait(button: Locator, held: HeldRequests) -> None:
    """Expect a button to show that it waits, then let its request through."""
    expect(button).to_have_css("cursor", "progress")
    expect(button).to_have_css("opacity", "0.85")
    held.let_through()


def test_the_page_is_usable_while_its_feed_loads(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 3)
    page.goto("/", wait_until="commit")
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    expect(page.locator("#feed article p:first-child")).to_have_text(action_texts(3))


def test_older_activity_is_requested_once(page: Page, followed_ben: User, sent: list[str]) -> None:
    create_actions(followed_ben, 25)
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/")
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    mark(page)
    link = page.get_by_role("link", name=OLDER)
    held = HeldRequests(page, "**/stream/?before=*")
    # A real click would scroll to the link, which loads the entries too.
    link.dispatch_event("click")
    link.dispatch_event("click")
    expect_to_wait(link, held)
    expect(entries).to_have_text(action_texts(25)[:20])
    expect(page.locator("#feed article").nth(10)).to_be_focused()
    assert len([each for each in sent if "before=" in each]) == 1
    assert is_marked(page)


def test_following_by_a_double_click_is_sent_once(
    page: Page, viewer: User, cleo: User, sent: list[str]
) -> None:
    page.goto("/people/cleo/")
    mark(page)
    button = page.get_by_role("button", name="Follow cleo", exact=True)
    held = HeldRequests(page, "**/follow/")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("button", name="Unfollow cleo")).to_be_focused()
    expect(page.get_by_text("1 follower", exact=True)).to_be_visible()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Contact.objects.get().user_to == cleo
    assert is_marked(page)


def test_liking_by_a_double_click_is_sent_once(
    page: Page, viewer: User, bookmark: Callable[..., Image], sent: list[str]
) -> None:
    bookmark(viewer, "A bird")
    page.goto("/images/")
    mark(page)
    button = page.get_by_role("button", name="Like A bird", exact=True)
    held = HeldRequests(page, "**/like/")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_focused()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Like.objects.get().user == viewer
    assert is_marked(page)


def test_a_preview_and_a_save_are_sent_once(
    page: Page, viewer: User, web: str, sent: list[str]
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    held = HeldRequests(page, "**/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    expect(page.get_by_text("Fetching…")).to_be_visible()
    held.let_through()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    expect(page.get_by_text("Fetching…")).to_be_hidden()
    sent.clear()
    held = HeldRequests(page, "**/images/add/")
    button = page.get_by_role("button", name="Save")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Image.objects.count() == 1
