"""Long lists, scrolled or paged to their end."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import is_marked, mark, scripts_on
from images.models import Image
from stream.record import create_action


def seen_to_the_end(page: Page, rows: Locator, more: str, scripts: bool) -> list[str]:
    """Scroll, or press the link without scripts, until there is no more; returns all rows."""
    link = page.get_by_role("link", name=more)
    if scripts:
        while link.count():
            count = rows.count()
            link.scroll_into_view_if_needed()
            expect(rows.nth(count)).to_be_attached()
        return rows.all_inner_texts()
    seen = rows.all_inner_texts()
    while link.count():
        with page.expect_navigation():
            link.click()
        seen += rows.all_inner_texts()
    return seen


def test_a_feed_of_25_actions(
    page: Page, ana: User, person: Callable[..., User], scripts: bool
) -> None:
    ben = person("ben")
    for number in range(25):
        create_action(ben, f"did thing number {number:02}")
    page.goto("/" if scripts else "/stream/")
    entries = page.locator("#feed article p:first-child")
    expect(entries.first).to_be_visible()
    if scripts:
        mark(page)
    seen = seen_to_the_end(page, entries, "Older activity", scripts)
    assert seen == [f"Ben did thing number {number:02}" for number in range(24, -1, -1)]
    expect(page.get_by_text("You have reached the beginning.")).to_be_visible()
    if scripts:
        assert is_marked(page)


def test_a_list_of_60_people(
    page: Page, ana: User, person: Callable[..., User], scripts: bool
) -> None:
    for number in range(59):
        person(f"person{number:02}")
    page.goto("/people/")
    names = page.locator("#people article h2")
    seen = seen_to_the_end(page, names, "More people", scripts)
    assert seen == [*(f"Person{number:02}" for number in range(58, -1, -1)), "Ana"]


def test_a_list_of_60_images(
    page: Page, ana: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(ana, f"Image {number:02}")
    page.goto("/images/")
    titles = page.locator("#images article h2")
    seen = seen_to_the_end(page, titles, "More images", scripts)
    assert seen == [f"Image {number:02}" for number in range(59, -1, -1)]


def test_going_to_an_image_and_back_to_the_same_place(
    page: Page, ana: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(ana, f"Image {number:02}")
    page.set_viewport_size({"width": 500, "height": 600})
    page.goto("/images/")
    link = page.get_by_role("link", name="Image 20", exact=True)
    while not link.count():
        more = page.get_by_role("link", name="More images")
        if scripts:
            more.scroll_into_view_if_needed()
            expect(page.locator("#images article").nth(30)).to_be_attached()
        else:
            with page.expect_navigation():
                more.click()
    link.scroll_into_view_if_needed()
    place = page.evaluate("scrollY") if scripts else 0
    shown = page.locator("#images article").count()
    link.click()
    expect(page.get_by_role("heading", name="Image 20")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(page.locator("#images article")).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == place


@scripts_on
def test_the_link_to_older_activity_can_be_pressed(
    page: Page, ana: User, person: Callable[..., User]
) -> None:
    ben = person("ben")
    for number in range(15):
        create_action(ben, f"did thing number {number:02}")
    page.set_viewport_size({"width": 800, "height": 400})
    page.goto("/stream/")
    page.get_by_role("link", name="Older activity").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#feed article")).to_have_count(15)


@scripts_on
def test_a_click_with_ctrl_opens_the_next_page_in_a_tab_of_its_own(
    page: Page, ana: User, person: Callable[..., User]
) -> None:
    ben = person("ben")
    for number in range(15):
        create_action(ben, f"did thing number {number:02}")
    page.set_viewport_size({"width": 800, "height": 400})
    page.goto("/stream/")
    link = page.get_by_role("link", name="Older activity")
    with page.context.expect_page() as tab:
        # Pressed where it is, for scrolling it into view would load what it leads to.
        link.dispatch_event("click", {"ctrlKey": True})
    expect(tab.value.locator("#feed article")).to_have_count(5)
    expect(page.locator("#feed article")).to_have_count(10)
