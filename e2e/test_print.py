"""Printed pages have what a page is about, and nothing to press."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from images.models import Image
from testing.community import PLAIN_NAMES, make_community
from testing.paths import SIGNED_OUT_PATHS

pytestmark = scripts_on

CONTROLS = """[...document.querySelectorAll(
  "button, input:not([type=hidden]), form, header, footer, nav, summary, .button",
)].filter((element) => element.checkVisibility())
  .map((element) => element.outerHTML)"""
# What a page end may cut through.
CUT = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => getComputedStyle(element).breakInside != "avoid").length"""


@pytest.fixture(autouse=True)
def paper(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")


def test_nothing_to_press_is_printed(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    for path in SIGNED_OUT_PATHS:
        page.goto(path)
        assert page.evaluate(CONTROLS) == [], path
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    for path in community.paths:
        page.goto(path)
        assert page.evaluate(CONTROLS) == [], path


def test_a_printed_image_has_its_title_source_and_owner(
    page: Page, followed_ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(followed_ben, "A bird", url="https://example.org/birds/")
    page.goto(image.get_absolute_url())
    expect(page.get_by_role("img", name="A bird")).to_be_visible()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    expect(page.get_by_role("link", name="Ben Okafor", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="example.org")).to_be_visible()
    expect(page.get_by_text("0 likes")).to_be_hidden()


def test_rows_are_not_cut_at_the_end_of_a_sheet(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 3)
    page.goto("/stream/")
    assert page.evaluate(CUT, "#entries > li") == 0
    page.goto("/people/")
    assert page.evaluate(CUT, ".person-card") == 0


def test_paper_is_white_in_the_dark_scheme_too(page: Page, viewer: User) -> None:
    page.goto("/people/")
    heading = page.get_by_role("heading", name="People")
    expect(heading).to_have_css("color", "rgb(23, 24, 26)")
    page.emulate_media(media="screen")
    expect(heading).to_have_css("color", "rgb(238, 238, 236)")
