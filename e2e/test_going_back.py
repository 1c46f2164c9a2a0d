"""The back button returns to the same place in a list, and shows nothing after signing out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import moving, scripts_on
from e2e.feed import OLDER, create_actions
from e2e.pages import menu_button, open_home, scroll_until
from images.models import Image
from stream.record import create_action
from testing.image_files import image_file

pytestmark = moving


@pytest.fixture(scope="module")
def browser(full_browser: Browser) -> Browser:
    return full_browser


def test_going_back_from_the_37th_entry_returns_to_the_same_position(
    page: Page, followed_ben: User, person: Callable[..., User], scripts: bool
) -> None:
    for number in range(45):
        create_actions(followed_ben, 1, begin=number)
        create_action(followed_ben, f"waved {number} times to", person(f"person{number:02}"))
    page.set_viewport_size({"width": 500, "height": 600})
    open_home(page)
    entries = page.locator("#feed article p:first-child")
    link = page.locator("#feed .entry__text").get_by_role("link", name="Person26", exact=True)
    if scripts:
        scroll_until(page, link.count)
    while not link.count():
        with page.expect_navigation():
            page.get_by_role("link", name=OLDER).click()
    link.scroll_into_view_if_needed()
    # Wait for the entries or images that scrolling to the link loads.
    page.wait_for_timeout(500)
    shown, position = entries.count(), page.evaluate("scrollY") if scripts else 0
    link.click()
    expect(page.get_by_role("heading", name="Person26", exact=True)).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(entries).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == position


def test_going_back_from_an_image_returns_to_the_same_position(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(viewer, f"Image {number:02}")
    page.set_viewport_size({"width": 500, "height": 600})
    page.goto("/images/")
    link = page.get_by_role("link", name="Image 20", exact=True)
    if scripts:
        scroll_until(page, link.count)
    while not link.count():
        with page.expect_navigation():
            page.get_by_role("link", name="More images").click()
    link.scroll_into_view_if_needed()
    # Wait for the entries or images that scrolling to the link loads.
    page.wait_for_timeout(500)
    position = page.evaluate("scrollY") if scripts else 0
    shown = page.locator("#images article").count()
    link.click()
    expect(page.get_by_role("heading", name="Image 20")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(page.locator("#images article")).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == position


@scripts_on
def test_going_back_after_saving_several_files_shows_that_all_are_saved(
    page: Page, viewer: User
) -> None:
    page.goto("/images/add/")
    files: list[Any] = [
        {"name": name, "mimeType": "image/png", "buffer": image_file(name, kind="PNG")}
        for name in ("teal", "olive")
    ]
    page.get_by_label("Or files").set_input_files(files)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    page.go_back(wait_until="commit")
    uploads = page.locator("#uploads")
    expect(uploads.get_by_role("listitem").filter(has_text="Saved")).to_have_count(2)
    expect(uploads.get_by_role("status")).to_have_text("Saved")


@scripts_on
def test_after_signing_out_going_back_shows_nothing(
    page: Page, person: Callable[..., User], sign_in_browser: Callable[[User], None]
) -> None:
    sign_in_browser(person("dora"))
    for path in ("/settings/", "/accounts/email/", "/people/"):
        page.goto(path)
    menu_button(page, "Dora").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Join Magpie")).to_be_visible()
    for _ in range(3):
        page.go_back(wait_until="commit")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert "Dora" not in page.content()
