"""At 400 kbit/s with round trips of 400 ms, all works, and shows what is waited for."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import is_marked, mark, scripts_on
from e2e.test_feed import OLDER, do_things, things
from e2e.test_without_htmx import hold, let_through
from images.models import Image, Like
from people.models import Contact

pytestmark = scripts_on

BYTES_A_SECOND = 400_000 / 8


@pytest.fixture(autouse=True)
def slow(page: Page) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )


@pytest.fixture
def sent(page: Page) -> list[str]:
    """The addresses that are asked for, with their methods."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    return sent


def expect_to_wait(button: Locator, held: list[Route]) -> None:
    """See that a button shows that it waits, and let the answer come."""
    expect(button).to_have_css("cursor", "progress")
    expect(button).to_have_css("opacity", "0.75")
    let_through(held)


def test_the_page_stands_while_its_feed_is_on_the_way(page: Page, ben: User) -> None:
    do_things(ben, 3)
    page.goto("/", wait_until="commit")
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    expect(page.locator("#feed article p:first-child")).to_have_text(things(3))


def test_older_activity_is_waited_for_and_asked_for_once(
    page: Page, ben: User, sent: list[str]
) -> None:
    do_things(ben, 25)
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/")
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    mark(page)
    link = page.get_by_role("link", name=OLDER)
    held = hold(page, "**/stream/?before=*")
    # Without scrolling to it, which would load them, too.
    link.dispatch_event("click")
    link.dispatch_event("click")
    expect_to_wait(link, held)
    expect(entries).to_have_text(things(25)[:20])
    expect(page.locator("#feed article").nth(10)).to_be_focused()
    assert len([each for each in sent if "before=" in each]) == 1
    assert is_marked(page)


def test_following_by_a_double_click_is_sent_once(
    page: Page, ana: User, person: Callable[..., User], sent: list[str]
) -> None:
    cleo = person("cleo")
    page.goto("/people/cleo/")
    mark(page)
    button = page.get_by_role("button", name="Follow Cleo", exact=True)
    held = hold(page, "**/follow/")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("button", name="Unfollow Cleo")).to_be_focused()
    expect(page.get_by_text("1 follower", exact=True)).to_be_visible()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Contact.objects.get().user_to == cleo
    assert is_marked(page)


def test_liking_by_a_double_click_is_sent_once(
    page: Page, ana: User, bookmark: Callable[..., Image], sent: list[str]
) -> None:
    bookmark(ana, "A bird")
    page.goto("/images/")
    mark(page)
    button = page.get_by_role("button", name="Like A bird", exact=True)
    held = hold(page, "**/like/")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_focused()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Like.objects.get().user == ana
    assert is_marked(page)


def test_an_image_is_looked_at_and_saved_once(
    page: Page, ana: User, web: str, sent: list[str]
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    held = hold(page, "**/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    expect(page.get_by_text("Fetching…")).to_be_visible()
    let_through(held)
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    expect(page.get_by_text("Fetching…")).to_be_hidden()
    sent.clear()
    button = page.get_by_role("button", name="Save")
    button.dblclick()
    expect_to_wait(button, held)
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert len([each for each in sent if each.startswith("POST")]) == 1
    assert Image.objects.count() == 1
