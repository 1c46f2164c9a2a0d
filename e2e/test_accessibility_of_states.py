"""axe-core finds no fault before, during and after swaps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from images.models import Image
from people.models import Contact
from testing.axe import violations
from testing.people import count_image

pytestmark = scripts_on


def test_a_feed_passes_while_it_loads_fails_and_arrives(
    page: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    create_actions(followed_ben, 15)
    page.route("**/stream/", lambda route: None)
    page.goto("/")
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    assert violations(page) == []
    page.unroute("**/stream/")
    page.route("**/stream/**", lambda route: route.fulfill(status=503))
    page.goto("/")
    expect(page.get_by_text("The activity did not load.")).to_be_visible()
    assert violations(page) == []
    page.unroute("**/stream/**")
    page.set_viewport_size({"width": 500, "height": 300})
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#feed article")).to_have_count(10)
    page.route("**/stream/**", lambda route: route.fulfill(status=503))
    page.get_by_role("link", name="Older activity").scroll_into_view_if_needed()
    expect(page.get_by_text("This did not load.")).to_be_visible()
    assert violations(page) == []
    expect_console_error("503")


def test_a_feed_with_new_activity_passes(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 15)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    create_actions(followed_ben, 3, begin=15)
    page.clock.fast_forward(31_000)
    page.get_by_role("link", name="3 new actions").focus()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("thing number 17")).to_be_visible()
    assert violations(page) == []


def test_followed_suggestions_pass(page: Page, viewer: User, ben: User, cleo: User) -> None:
    Contact.objects.follow(ben, cleo)
    count_image(cleo)
    page.goto("/")
    suggestions = page.get_by_role("region", name="People to follow")
    suggestions.get_by_role("button", name="Follow cleo", exact=True).click()
    expect(suggestions.get_by_role("button", name="Unfollow cleo")).to_be_visible()
    assert violations(page) == []
    suggestions.get_by_role("button", name="Not interested in cleo").click()
    expect(suggestions.get_by_text("will not be suggested")).to_be_visible()
    assert violations(page) == []


def test_lists_pass_after_loading_more_and_clicking(
    page: Page, viewer: User, person: Callable[..., User], bookmark: Callable[..., Image]
) -> None:
    for number in range(30):
        bookmark(person(f"person{number}"), f"Image {number}")
    page.goto("/people/")
    page.get_by_role("button", name="Follow Person29", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Person29")).to_be_visible()
    # A real click scrolls first, which may load the rest and remove the link.
    page.get_by_role("link", name="More people").dispatch_event("click")
    expect(page.get_by_text("No more people.")).to_be_visible()
    assert violations(page) == []
    page.goto("/images/")
    page.get_by_role("button", name="Like Image 29", exact=True).click()
    expect(page.get_by_role("button", name="Unlike Image 29")).to_be_visible()
    page.get_by_role("link", name="More images").dispatch_event("click")
    expect(page.get_by_text("No more images.")).to_be_visible()
    assert violations(page) == []


def test_a_failed_click_passes(
    page: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/people/ben/")
    User.objects.filter(pk=followed_ben.pk).update(is_active=False)
    page.get_by_role("button", name="Unfollow Ben Okafor").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    assert violations(page) == []
    expect_console_error("404")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/page", "Choose which of its images"),
        ("/bare", "no suitable image"),
        ("/bird.jpg", ""),
    ],
)
def test_a_preview_passes(page: Page, viewer: User, web: str, path: str, message: str) -> None:
    page.goto("/images/add/")
    page.get_by_label("Address").fill(web + path)
    if message:
        expect(page.locator("#preview")).to_contain_text(message)
        assert violations(page) == []
    if path == "/bird.jpg":
        expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
        assert violations(page) == []


def test_messages_pass(page: Page, viewer: User, tmp_path: Path) -> None:
    page.goto("/settings/")
    page.get_by_label("First name").fill("Ana Maria")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("status").filter(has_text="Your profile is saved.")).to_be_visible()
    assert violations(page) == []
