"""Everything that colour shows is also shown by text, symbols or weight."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from images.models import Image


def symbol(element: Locator) -> object:
    """Return the symbol that CSS adds before the text of an element."""
    return element.evaluate("element => getComputedStyle(element, '::before').content")


def heart(button: Locator) -> object:
    """Return the part of the mask image that is shown. The outlined heart is on its left."""
    return button.evaluate("button => getComputedStyle(button, '::before').maskPosition")


def test_the_current_page_is_marked_in_the_header(
    page: Page, viewer: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(viewer, "A bird")
    for address in ("/images/", image.get_absolute_url()):
        page.goto(address)
        here = page.get_by_role("link", name="Images", exact=True)
        there = page.get_by_role("link", name="People", exact=True)
        expect(here).to_have_css("font-weight", "700")
        expect(there).not_to_have_css("font-weight", "700")


def test_a_liked_image_is_marked(page: Page, viewer: User, bookmark: Callable[..., Image]) -> None:
    bookmark(viewer, "A bird")
    page.goto("/images/")
    button = page.get_by_role("button", name="Like A bird", exact=True)
    outline = heart(button)
    button.click()
    assert heart(page.get_by_role("button", name="Unlike A bird")) != outline


def test_an_error_is_marked(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/settings/")
    page.get_by_label("Date of birth").fill("0999-01-01")
    page.get_by_role("button", name="Save profile").click()
    message = page.get_by_role("listitem").filter(has_text="Check the year of this date.")
    expect(message).to_be_visible()
    assert "⚠" in str(symbol(message))
    expect_console_error("422")
