"""Cards of narrow images show their title, and keep their facts together."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import top_of
from images.models import Image


@pytest.fixture(autouse=True)
def narrow_cards(
    page: Page, viewer: User, ben: User, bookmark: Callable[..., Image]
) -> list[Image]:
    """Return Ben's images, which stand three in a row on a phone."""
    page.set_viewport_size({"width": 380, "height": 800})
    return [bookmark(ben, f"Herons {number}", size=(60, 120)) for number in range(3)]


def test_icons_leave_the_width_to_the_title(page: Page) -> None:
    page.goto("/images/")
    title = page.get_by_role("link", name="Herons 1")
    assert title.evaluate("link => link.scrollWidth <= link.clientWidth")
    assert top_of(page.get_by_role("button", name="Save Herons 1")) > top_of(title) + 40


def test_the_dot_stays_beside_the_name(page: Page) -> None:
    page.goto("/images/")
    facts = page.locator(".image-card__facts").first
    text, link = facts.evaluate(
        """facts => {
          const link = facts.querySelector("a");
          const range = document.createRange();
          range.selectNode(link.previousSibling);
          return [range, link].map((each) => each.getBoundingClientRect().bottom);
        }"""
    )
    assert abs(text - link) < 5


def test_the_icon_of_a_saved_image_has_a_tooltip(page: Page, narrow_cards: list[Image]) -> None:
    page.goto("/images/")
    page.get_by_role("button", name="Save Herons 1").click()
    expect(page.get_by_role("link", name="Saved Herons 1")).to_have_attribute("title", "Saved")
