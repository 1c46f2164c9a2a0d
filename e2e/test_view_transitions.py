"""An image moves between its place in a list and its own page."""

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import moving, scripts_on
from images.models import Image

pytestmark = [scripts_on, moving]

# Records the link of each image that was to move when the last page was left, and the elements that
# move on this page.
RECORD = """
addEventListener("DOMContentLoaded", () => addEventListener("pageswap", () => {
  const images = [...document.images].filter(
    (image) => getComputedStyle(image).viewTransitionName == "shown-image",
  );
  const paths = images.map((image) => image.closest("a").pathname);
  sessionStorage.setItem("left", JSON.stringify(paths));
}));
addEventListener("pagereveal", ({ viewTransition }) => {
  const { dataset } = document.documentElement;
  dataset.left = sessionStorage.getItem("left");
  dataset.moves = viewTransition ? "" : "nothing";
  viewTransition?.ready.then(() => {
    dataset.moves = document.getAnimations().map(({ effect }) => effect.pseudoElement);
  });
});
"""
IMAGE_GROUP = re.compile(r"group\(shown-image\)")


@pytest.fixture(scope="module")
def browser(full_browser: Browser) -> Browser:
    return full_browser


@pytest.fixture
def image(page: Page, viewer: User, bookmark: Callable[..., Image]) -> Image:
    """Return the second of three images, which are in each list."""
    page.add_init_script(RECORD)
    images = [bookmark(viewer, f"Image {number}", size=(300, 200)) for number in range(3)]
    return images[1]


def expect_recorded(page: Page, name: str, value: str | re.Pattern[str]) -> None:
    expect(page.locator("html")).to_have_attribute(f"data-{name}", value)


@pytest.mark.parametrize("address", ["/images/", "/people/ana/", "/people/ana/activity/"])
def test_the_clicked_image_moves_there_and_back(page: Page, image: Image, address: str) -> None:
    page.goto(address)
    link = page.get_by_role("link", name="Image 1").last
    for _ in range(2):
        link.click()
        expect(page.get_by_role("heading", name="Image 1", level=1)).to_be_visible()
        expect_recorded(page, "left", json.dumps([image.get_absolute_url()], separators=(",", ":")))
        expect_recorded(page, "moves", IMAGE_GROUP)
        page.go_back(wait_until="commit")
        expect(link).to_be_visible()
        expect_recorded(page, "left", json.dumps([image.image.url], separators=(",", ":")))
        expect_recorded(page, "moves", IMAGE_GROUP)


def test_nothing_moves_between_other_pages(page: Page, image: Image) -> None:
    page.goto("/images/")
    page.get_by_role("link", name="People", exact=True).click()
    expect_recorded(page, "left", "[]")
    expect_recorded(page, "moves", "::view-transition-group(root)")


def test_nothing_moves_with_reduced_motion(page: Page, image: Image) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/images/")
    page.get_by_role("link", name="Image 1").click()
    expect(page.get_by_role("heading", name="Image 1", level=1)).to_be_visible()
    expect_recorded(page, "moves", "nothing")
