"""After a swap, focus is where people expect it, and the change is announced."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from e2e.pages import is_marked, mark
from images.models import Image
from people.models import Contact
from stream.models import Action
from testing.people import count_image

pytestmark = scripts_on


def press(page: Page, name: str) -> None:
    """Press a button or link by keyboard, without scrolling to it."""
    control = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    control.evaluate("control => control.focus({ preventScroll: true })")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("address", ["/people/", "/people/ben/", "/"])
def test_following_keeps_focus(
    page: Page, viewer: User, ben: User, cleo: User, address: str
) -> None:
    # Only people with followers and images are suggested. This is no activity, so only one button
    # follows Ben.
    Contact.objects.follow(cleo, ben)
    Action.objects.all().delete()
    count_image(ben)
    page.goto(address)
    mark(page)
    expect(page.get_by_role("button", name="Follow Ben Okafor", exact=True)).to_be_visible()
    press(page, "Follow Ben Okafor")
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_focused()
    expect(page.locator("#status")).to_have_text("You now follow Ben Okafor.")
    press(page, "Unfollow Ben Okafor")
    expect(page.get_by_role("button", name="Follow Ben Okafor", exact=True)).to_be_focused()
    expect(page.locator("#status")).to_have_text("You no longer follow Ben Okafor.")
    expect(page.locator("#status")).to_have_role("status")
    assert is_marked(page)


def test_dismissing_a_suggestion_moves_focus_to_what_took_its_place(
    page: Page, viewer: User, ben: User, cleo: User
) -> None:
    Contact.objects.follow(cleo, ben)
    count_image(ben)
    page.goto("/")
    mark(page)
    expect(page.get_by_role("region", name="People to follow")).to_be_visible()
    press(page, "Not interested in Ben Okafor")
    expect(page.get_by_text("Ben Okafor will not be suggested to you again.")).to_be_focused()
    assert is_marked(page)


@pytest.mark.parametrize("is_list", [True, False], ids=["list", "page"])
def test_liking_keeps_focus(
    page: Page, viewer: User, bookmark: Callable[..., Image], is_list: bool
) -> None:
    image = bookmark(viewer, "A bird")
    page.goto("/images/" if is_list else image.get_absolute_url())
    mark(page)
    press(page, "Like A bird")
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_focused()
    expect(page.locator("#status")).to_have_text("You now like A bird.")
    press(page, "Unlike A bird")
    expect(page.get_by_role("button", name="Like A bird", exact=True)).to_be_focused()
    expect(page.locator("#status")).to_have_text("You no longer like A bird.")
    assert is_marked(page)


def test_loading_more_images_and_people_moves_focus_to_them(
    page: Page, viewer: User, person: Callable[..., User], bookmark: Callable[..., Image]
) -> None:
    for number in range(30):
        bookmark(person(f"person{number:02}"), f"Image {number:02}")
    for address, more, name in (
        ("/images/", "More images", "Image 11"),
        ("/people/", "More people", "Person05"),
    ):
        page.goto(address)
        press(page, more)
        expect(page.get_by_role("link", name=name, exact=True).last).to_be_focused()
        expect(page.get_by_role("link", name=name, exact=True).last).to_be_in_viewport()


def test_older_entries_do_not_load_by_themselves_while_their_link_has_focus(
    page: Page, followed_ben: User
) -> None:
    create_actions(followed_ben, 25)
    page.set_viewport_size({"width": 600, "height": 500})
    page.goto("/stream/")
    entries = page.locator("#feed article")
    expect(entries).to_have_count(10)
    page.locator("#entries-more-link").focus()
    page.wait_for_timeout(300)
    expect(page.locator("#entries-more-link")).to_be_focused()
    expect(entries).to_have_count(10)
    page.keyboard.press("Enter")
    expect(entries.nth(10)).to_be_focused()
    expect(entries.nth(10)).to_be_in_viewport()


def test_older_entries_take_focus_from_their_link(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 15)
    page.set_viewport_size({"width": 600, "height": 500})
    held: list[Route] = []
    page.route("**/stream/?before=*", lambda route: held.append(route))
    page.goto("/stream/")
    with page.expect_request("**/stream/?before=*"):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("#entries-more-link").focus()
    held[0].continue_()
    entries = page.locator("#feed article")
    expect(entries).to_have_count(15)
    expect(entries.nth(10)).to_be_focused()
    expect(entries.nth(10)).to_be_in_viewport()


def test_a_click_without_new_entries_does_not_move_focus_later(
    page: Page, followed_ben: User
) -> None:
    create_actions(followed_ben, 25)
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/stream/")
    page.route("**/stream/?before=*", lambda route: route.fulfill(status=204))
    with page.expect_response("**/stream/?before=*"):
        # A real click would scroll to the link, which loads the entries as well.
        page.get_by_role("link", name="Older activity").dispatch_event("click")
    page.unroute("**/stream/?before=*")
    brand = page.get_by_role("link", name="Magpie", exact=True)
    brand.focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#feed article")).to_have_count(20)
    expect(brand).to_be_focused()


def test_new_entries_take_focus(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 12)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    create_actions(followed_ben, 1, begin=12)
    page.clock.fast_forward(31_000)
    link = page.get_by_role("link", name="1 new action")
    expect(page.get_by_role("status").filter(has=link)).to_have_count(1)
    press(page, "1 new action")
    first = page.locator("#feed article").first
    expect(first).to_contain_text("thing number 12")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()


def test_a_list_that_failed_to_load_keeps_focus(
    page: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    create_actions(followed_ben, 12)
    page.goto("/stream/")
    page.route("**/stream/?before=*", lambda route: route.fulfill(status=503))
    press(page, "Older activity")
    expect(page.get_by_role("alert").filter(has_text="This did not load.")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_focused()
    expect_console_error("503")


def test_loading_older_entries_moves_focus_to_the_first_of_them(
    page: Page, followed_ben: User
) -> None:
    create_actions(followed_ben, 35)
    page.goto("/")
    entries = page.locator("#feed article")
    expect(entries).to_have_count(10)
    for count in (20, 30):
        press(page, "Older activity")
        expect(entries.nth(count - 10)).to_be_focused()
        expect(entries.nth(count - 10)).to_be_in_viewport()


def test_scrolling_does_not_move_focus(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 25)
    page.goto("/")
    link = page.get_by_role("link", name="Images", exact=True)
    link.focus()
    entries = page.locator("#feed article")
    for count in (10, 20):
        # One turn of the wheel may load several pages.
        expect(entries.nth(count - 1)).to_be_attached()
        page.mouse.wheel(0, 10_000)
    expect(entries).to_have_count(25)
    expect(link).to_be_focused()
