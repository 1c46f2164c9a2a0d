"""Narrow windows, large text, wide spacing, long names and other scripts break no page."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from testing.community import LONG_NAMES, PLAIN_NAMES, RIGHT_TO_LEFT_NAMES, Names, make_community
from testing.paths import SIGNED_OUT_PATHS, open_page

pytestmark = scripts_on

# The width and height of the window, the text size in percent, whether text is spaced as WCAG
# 1.4.12 says, and the direction of the page.
LAYOUTS = {
    "320 pixels": (320, 640, 100, False, "ltr"),
    "320 pixels, spaced": (320, 640, 100, True, "ltr"),
    "320 pixels, from right to left": (320, 640, 100, False, "rtl"),
    "zoomed to 200%": (640, 400, 100, False, "ltr"),
    "text of 200%": (1280, 800, 200, False, "ltr"),
    "text of 200%, spaced": (1280, 800, 200, True, "ltr"),
}
APPLY_LAYOUT = """([size, isSpaced, direction]) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }
  `);
  document.adoptedStyleSheets = isSpaced ? [sheet] : [];
  document.documentElement.style.fontSize = `${size}%`;
  document.documentElement.dir = direction;
}"""
# Texts in lists may be cut off, because the page that they link to shows them in full. So does the
# profile page for the name in the menu button.
FAULTS = """() => {
  const root = document.documentElement;
  const overlap = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const isOutside = (inner, outer) =>
    inner.left < outer.left - 1 || inner.right > outer.right + 1 ||
    inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  const found = [];
  if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth} pixels wide`);

  const header = document.querySelector(".site-header");
  const controls = ".site-header__bar > a, .site-header__places a, summary";
  const items = [...header.querySelectorAll(controls)]
    .filter((item) => item.checkVisibility())
    .map((item) => [item.outerHTML, item.getBoundingClientRect()]);
  for (const [index, [html, box]] of items.entries()) {
    if (isOutside(box, header.getBoundingClientRect())) found.push(`outside: ${html}`);
    for (const [other, otherBox] of items.slice(index + 1))
      if (overlap(box, otherBox)) found.push(`overlap: ${html} ${other}`);
  }
  const padding = parseFloat(getComputedStyle(root).scrollPaddingTop);
  if (getComputedStyle(header).position == "sticky" && header.offsetHeight > padding)
    found.push(`The header hides what is focused: ${header.offsetHeight} > ${padding}`);

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const mayBeCut = "ul > li, .menu__button, .visually-hidden, .icon-button__label";
    if (!element.checkVisibility() || element.closest(mayBeCut)) continue;
    const range = document.createRange();
    range.selectNode(texts.currentNode);
    const box = range.getBoundingClientRect();
    for (let outer = element; outer && box.width; outer = outer.parentElement)
      if (/hidden|clip/.test(getComputedStyle(outer).overflow))
        if (isOutside(box, outer.getBoundingClientRect())) found.push(`cut: ${element.outerHTML}`);
  }
  return found;
}"""


def faults(page: Page) -> list[str]:
    found = []
    for name, (width, height, *more) in LAYOUTS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(APPLY_LAYOUT, more)
        found += [f"{page.url}, {name}: {fault}" for fault in page.evaluate(FAULTS)]
    return found


def test_signed_out_pages_fit(page: Page) -> None:
    found = []
    for address in (*SIGNED_OUT_PATHS, *make_community(PLAIN_NAMES).paths_in_mail):
        open_page(page, address)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize(
    "names", [LONG_NAMES, RIGHT_TO_LEFT_NAMES], ids=["long", "from right to left"]
)
def test_signed_in_pages_fit(
    page: Page, sign_in_browser: Callable[[User], None], names: Names
) -> None:
    community = make_community(names)
    sign_in_browser(community.viewer)
    found = []
    for address in community.paths:
        open_page(page, address)
        found += faults(page)
    assert found == []


def test_the_menu_fits_into_the_window(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    sign_in_browser(make_community(LONG_NAMES).viewer)
    page.goto("/images/")
    for width, height, *more in LAYOUTS.values():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(APPLY_LAYOUT, more)
        menu_button(page, LONG_NAMES.person).click()
        box = page.locator(".menu__items").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        page.keyboard.press("Escape")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_header_is_one_line_at_400_percent(
    page: Page, site_url: str, sign_in_browser: Callable[[User], None], language: str
) -> None:
    # A window of 1280 pixels. Beside the page is a scroll bar.
    page.set_viewport_size({"width": (1280 - 16) // 4, "height": 200})
    cookie = {"name": "django_language", "value": language, "url": site_url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    bar = page.locator(".site-header__bar")
    page.goto("/accounts/login/")
    expect(bar).to_have_css("height", "60px")
    sign_in_browser(make_community(PLAIN_NAMES).viewer)
    for path in ("/images/", "/people/"):
        page.goto(path)
        expect(bar).to_have_css("height", "60px")
