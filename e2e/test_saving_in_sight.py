"""On the page that saves images, what comes next is in sight, and nothing jumps."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, ViewportSize, expect

from e2e.conftest import scripts_on
from e2e.held_requests import HeldRequests
from e2e.pages import top_of

PHONE: ViewportSize = {"width": 380, "height": 800}
LAPTOP: ViewportSize = {"width": 1200, "height": 800}
IS_HIT = """element => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(x + width / 2, y + height - 3));
}"""


def upload(page: Page) -> Locator:
    return page.get_by_label("Or files from your device")


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_save_is_in_sight_with_what_was_handed_over(
    page: Page, viewer: User, web: str, size: ViewportSize, scripts: bool
) -> None:
    page.set_viewport_size(size)
    page.goto(f"/images/add/?page={web}/page")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("checkbox").first).to_be_in_viewport()
    expect(page.get_by_role("button", name="Save")).to_be_in_viewport()
    expect(upload(page)).to_be_hidden()


def test_low_windows_are_left_to_the_form(page: Page, viewer: User) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto("/images/add/")
    expect(page.get_by_role("button", name="Save")).not_to_be_in_viewport()


def test_the_buttons_cover_no_line_that_is_typed(page: Page, viewer: User) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/images/add/")
    for label in ("Title", "Alternative text", "Web page", "Credit"):
        page.get_by_label(label, exact=True).focus()
        assert page.locator(":focus").evaluate(IS_HIT), label


def test_files_are_in_sight_without_an_address(page: Page, viewer: User) -> None:
    page.goto("/images/add/")
    expect(upload(page)).to_be_visible()


@pytest.mark.parametrize("path", ["/page", "/bird.jpg"])
@scripts_on
def test_a_preview_folds_the_field_for_files(page: Page, viewer: User, web: str, path: str) -> None:
    page.goto("/images/add/")
    page.get_by_label("Address").fill(web + path)
    expect(upload(page)).to_be_hidden()
    page.get_by_text("Or files from your device").first.click()
    expect(upload(page)).to_be_visible()


def test_files_are_the_way_on_if_an_address_shows_nothing(
    page: Page, viewer: User, web: str, scripts: bool
) -> None:
    page.goto(f"/images/add/?page={web}/bare")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Download the image and upload it.")).to_be_visible()
    expect(upload(page)).to_be_visible()


@scripts_on
@pytest.mark.parametrize("label", ["Title", "Credit"])
def test_the_field_with_the_focus_stays_in_place_when_a_preview_arrives(
    page: Page, viewer: User, web: str, label: str
) -> None:
    page.set_viewport_size(PHONE)
    held = HeldRequests(page, "**/images/add/")
    held.is_released = True
    page.goto("/images/add/")
    held.is_released = False
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    expect(page.get_by_text("Fetching…")).to_be_visible()
    field = page.get_by_label(label)
    field.focus()
    before = top_of(field)
    held.let_through()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    expect(page.get_by_text("Fetching…")).to_be_hidden()
    assert abs(top_of(field) - before) < 50
    expect(field).to_be_focused()


def test_other_ways_to_add_are_linked(page: Page, viewer: User) -> None:
    page.goto("/images/add/")
    page.get_by_role("link", name="share from your phone").click()
    expect(page.get_by_role("heading", name="On a phone")).to_be_in_viewport()
    page.goto("/people/ana/")
    page.get_by_role("link", name="a button for your browser").click()
    expect(page.get_by_role("link", name="Add to Magpie")).to_be_visible()
