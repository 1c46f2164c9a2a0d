"""Pages in a language that is written from right to left."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from images.models import Image
from testing.axe import violations

WIDTHS = [320, 1280]

pytestmark = scripts_on


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "ar"}


@pytest.fixture
def urls(viewer: User, followed_ben: User, bookmark: Callable[..., Image]) -> list[str]:
    """Return the addresses of pages, and create something to show on them."""
    image = bookmark(followed_ben, "A bird")
    image.like(viewer)
    names = ("people/", "people/ben/", "people/ana/", "profile/", "images/", "images/add/")
    more = ("stream/", "accounts/email/", "accounts/password/change/", "images/bookmarklet/")
    return ["/", image.get_absolute_url(), *(f"/{name}" for name in names + more)]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_start_on_the_right(page: Page, urls: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for url in urls:
        page.goto(url)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        brand = page.get_by_role("link", name="Magpie", exact=True).bounding_box()
        menu = menu_button(page, "Ana Silva").bounding_box()
        assert brand
        assert menu
        assert brand["x"] > width / 2 > menu["x"] + menu["width"] / 2, url


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(page: Page, urls: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for url in urls:
        page.goto(url)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), url


def test_titles_in_another_script_start_on_the_right_too(page: Page, urls: list[str]) -> None:
    page.goto("/images/")
    expect(page.get_by_role("heading", name="A bird")).to_have_css("text-align", "right")
    page.get_by_role("heading", name="A bird").click()
    expect(page.get_by_role("heading", name="A bird", level=1)).to_have_css("text-align", "right")


def test_axe_finds_no_fault(page: Page, urls: list[str]) -> None:
    for url in urls:
        page.goto(url)
        assert violations(page) == []
