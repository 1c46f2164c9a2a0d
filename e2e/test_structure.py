"""Every page has one main heading, landmarks, its own title and a link that skips the header."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver, resolve
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from testing.axe import NARROW, WIDE
from testing.community import PLAIN_NAMES, make_community
from testing.paths import SET_PASSWORD_PATH, SIGNED_IN_PATHS, SIGNED_OUT_PATHS, open_page, paths_of

LANDMARKS = """() => Object.fromEntries(
  ["h1", "main", "body > header", "header nav[aria-label]"].map(
    (selector) => [selector, document.querySelectorAll(selector).length]
  )
)"""
LEVELS = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(
  ({ tagName }) => Number(tagName[1])
)"""
# These URLs only accept POST, redirect, return only partials, or are not in use.
WITHOUT_A_PAGE = {
    *("user_follow", "user_dismiss", "image_like", "image_save", "new_activity", "set_language"),
    *("account_confirm_login_code", "profile_edit", "settings_told", "stream_filter", "welcome"),
}
# In flex and grid layouts, each box has to be below the previous one or to the right of it.
OUT_OF_ORDER = """[...document.body.querySelectorAll("*")]
  .filter((outer) => /flex|grid/.test(getComputedStyle(outer).display))
  .flatMap((outer) => {
    const boxes = [...outer.children]
      .filter((inner) => !/absolute|fixed/.test(getComputedStyle(inner).position))
      .map((inner) => [inner.outerHTML, inner.getBoundingClientRect()])
      .filter(([, { width }]) => width);
    return boxes.slice(1).filter(([, box], index) => {
      const [, before] = boxes[index];
      return box.top < before.bottom - 1 && box.left < before.right - 1;
    });
  })
  .map(([html]) => html)"""
ONE_OF_EACH = {"h1": 1, "main": 1, "body > header": 1, "header nav[aria-label]": 1}


def faults(page: Page) -> list[str]:
    """Return the faults in the structure of the open page."""
    found = []
    landmarks, levels = page.evaluate(LANDMARKS), page.evaluate(LEVELS)
    if landmarks != ONE_OF_EACH:
        found.append(f"landmarks {landmarks}")
    if levels[0] != 1 or any(lower - upper > 1 for upper, lower in pairwise(levels)):
        found.append(f"levels of headings {levels}")
    if not page.title().endswith(" · Magpie") or page.title().startswith(" "):
        found.append(f"title {page.title()}")
    if page.locator("html").get_attribute("lang") != "en":
        found.append("no language")
    return [f"{page.url}: {fault}" for fault in found]


def assert_the_first_link_skips_the_header(page: Page) -> None:
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.fixture
def shown(scripts: bool) -> Callable[[Iterable[str]], list[str]]:
    """Leave out the home page if it leads to the feed, because no script would load that."""
    return lambda addresses: [address for address in addresses if scripts or address != "/"]


def test_all_urls_are_tested() -> None:
    community = make_community(PLAIN_NAMES)
    addresses = [*SIGNED_OUT_PATHS, *community.paths_in_mail, *community.paths, SET_PASSWORD_PATH]
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names - {resolve(address).url_name for address in addresses} == WITHOUT_A_PAGE


def test_signed_out_pages_have_their_structure(page: Page) -> None:
    found = []
    headings_by_title: dict[str, set[str]] = {}
    for address in (*SIGNED_OUT_PATHS, *make_community(PLAIN_NAMES).paths_in_mail):
        page.goto(address)
        found += faults(page)
        assert_the_first_link_skips_the_header(page)
        headings_by_title.setdefault(page.title(), set()).add(page.locator("h1").inner_text())
    assert found == []
    # Pages with the same heading may share a title, such as those of two expired links.
    assert [title for title, headings in headings_by_title.items() if len(headings) > 1] == []


def test_signed_in_pages_have_their_structure(
    page: Page,
    sign_in_browser: Callable[[User], None],
    shown: Callable[[Iterable[str]], list[str]],
) -> None:
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    found, titles = [], []
    for address in shown(community.paths):
        page.goto(address)
        found += faults(page)
        assert_the_first_link_skips_the_header(page)
        titles.append(page.title())
    assert found == []
    assert sorted(titles) == sorted(set(titles))


@scripts_on
def test_the_reading_order_is_the_visual_order(
    page: Page, sign_in_browser: Callable[[User], None]
) -> None:
    community = make_community(PLAIN_NAMES)
    found = []
    for addresses in (SIGNED_OUT_PATHS, community.paths):
        for address in addresses:
            open_page(page, address)
            for size in (NARROW, WIDE):
                page.set_viewport_size(size)
                found += [f"{address}: {html}" for html in page.evaluate(OUT_OF_ORDER)]
        sign_in_browser(community.viewer)
    assert found == []


def test_empty_pages_have_their_structure(
    page: Page,
    viewer: User,
    expect_console_error: Callable[[str], None],
    shown: Callable[[Iterable[str]], list[str]],
) -> None:
    found = []
    for address in shown((*SIGNED_IN_PATHS, SET_PASSWORD_PATH, *paths_of(viewer))):
        page.goto(address)
        found += faults(page)
    assert found == []
    # The viewer has no password, so the page that asks for it again answers 403.
    expect_console_error("403")
