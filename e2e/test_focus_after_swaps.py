"""After a swap, focus is where a person expects it, and what happened is announced."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from e2e.conftest import is_marked, mark, scripts_on
from e2e.test_feed import do_things
from images.models import Image
from people.models import Contact

pytestmark = scripts_on


@pytest.fixture(autouse=True)
def still(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")


def press(page: Page, name: str) -> None:
    """Press a button or link by keyboard, without what pointing at it would do."""
    control = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    control.evaluate("control => control.focus({ preventScroll: true })")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("address", ["/people/", "/people/ben/", "/"])
def test_following(page: Page, ana: User, person: Callable[..., User], address: str) -> None:
    # Somebody follows him, so that he is suggested.
    Contact.objects.follow(person("cleo"), person("ben"))
    page.goto(address)
    mark(page)
    expect(page.get_by_role("button", name="Follow Ben", exact=True)).to_be_visible()
    press(page, "Follow Ben")
    expect(page.get_by_role("button", name="Unfollow Ben")).to_be_focused()
    expect(page.locator("#status")).to_have_text("You now follow Ben.")
    press(page, "Unfollow Ben")
    expect(page.get_by_role("button", name="Follow Ben", exact=True)).to_be_focused()
    expect(page.locator("#status")).to_have_text("You no longer follow Ben.")
    expect(page.locator("#status")).to_have_role("status")
    assert is_marked(page)


@pytest.mark.parametrize("is_list", [True, False], ids=["list", "page"])
def test_liking(page: Page, ana: User, bookmark: Callable[..., Image], is_list: bool) -> None:
    image = bookmark(ana, "A bird")
    page.goto("/images/" if is_list else image.get_absolute_url())
    mark(page)
    press(page, "Like A bird")
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_focused()
    expect(page.locator("#status")).to_have_text("You now like A bird.")
    press(page, "Unlike A bird")
    expect(page.get_by_role("button", name="Like A bird", exact=True)).to_be_focused()
    expect(page.locator("#status")).to_have_text("You no longer like A bird.")
    assert is_marked(page)


def test_more_images_and_people(
    page: Page, ana: User, person: Callable[..., User], bookmark: Callable[..., Image]
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


def test_older_entries_wait_for_who_has_come_to_their_link_by_keyboard(
    page: Page, ben: User
) -> None:
    do_things(ben, 25)
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


def test_older_entries_that_come_while_focus_is_on_their_link_get_it(page: Page, ben: User) -> None:
    do_things(ben, 15)
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


def test_older_entries_do_not_take_the_focus_after_a_press_that_brought_nothing(
    page: Page, ben: User
) -> None:
    do_things(ben, 25)
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/stream/")
    page.route("**/stream/?before=*", lambda route: route.fulfill(status=204))
    with page.expect_response("**/stream/?before=*"):
        # Without scrolling to it, which would load them, too.
        page.get_by_role("link", name="Older activity").dispatch_event("click")
    page.unroute("**/stream/?before=*")
    brand = page.get_by_role("link", name="Magpie", exact=True)
    brand.focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#feed article")).to_have_count(20)
    expect(brand).to_be_focused()


def test_news(page: Page, ben: User) -> None:
    do_things(ben, 12)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    do_things(ben, 1, begin=12)
    page.clock.fast_forward(31_000)
    link = page.get_by_role("link", name="1 new activity")
    expect(page.get_by_role("status").filter(has=link)).to_have_count(1)
    press(page, "1 new activity")
    first = page.locator("#feed article").first
    expect(first).to_contain_text("thing number 12")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()


def test_a_list_that_did_not_load(
    page: Page, ben: User, expect_complaint: Callable[[str], None]
) -> None:
    do_things(ben, 12)
    page.goto("/stream/")
    page.route("**/stream/?before=*", lambda route: route.fulfill(status=503))
    press(page, "Older activity")
    expect(page.get_by_role("alert").filter(has_text="This did not load.")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_focused()
    expect_complaint("503")
