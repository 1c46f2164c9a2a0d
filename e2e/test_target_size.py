"""Controls are at least 24 pixels wide and high, except for links in a sentence."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from testing.axe import NARROW
from testing.community import PLAIN_NAMES, make_community
from testing.paths import SIGNED_OUT_PATHS, open_page

pytestmark = scripts_on

# If a target looks smaller, this checks what clicks around its centre would hit. The label of a
# checkbox is a target too.
SMALL_TARGETS = """() => {
  const selector = "a[href], button, summary, input:not([type=hidden]), textarea, label:has(input)";
  const isInSentence = (target) =>
    getComputedStyle(target).display == "inline" &&
    target.closest("p, h1, h2, li, div").innerText.trim() != target.innerText.trim();
  const isLarge = (target) => {
    const { width, height } = target.getBoundingClientRect();
    if (width >= 24 && height >= 24) return true;
    target.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y } = target.getBoundingClientRect();
    return [-11.5, 11.5].every((dx) => [-11.5, 11.5].every((dy) => {
      const hit = document.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy);
      return hit?.closest(selector) == target;
    }));
  };
  return [...document.querySelectorAll(selector)]
    .filter((target) => target.checkVisibility({ visibilityProperty: true }))
    .filter((target) => !isInSentence(target) && !isLarge(target))
    .map((target) => target.outerHTML);
}"""


def small_targets(page: Page) -> list[str]:
    return [f"{page.url}: {target}" for target in page.evaluate(SMALL_TARGETS)]


@pytest.fixture(autouse=True)
def narrow(page: Page) -> None:
    page.set_viewport_size(NARROW)


def test_controls_of_signed_out_pages_are_large_enough(page: Page) -> None:
    found = []
    for address in (*SIGNED_OUT_PATHS, *make_community(PLAIN_NAMES).paths_in_mail):
        open_page(page, address)
        found += small_targets(page)
    assert found == []


def test_controls_of_signed_in_pages_are_large_enough(
    page: Page, sign_in_browser: Callable[[User], None]
) -> None:
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    found = []
    for address in community.paths:
        open_page(page, address)
        found += small_targets(page)
    assert found == []


def test_controls_of_the_menu_are_large_enough(
    page: Page, sign_in_browser: Callable[[User], None]
) -> None:
    sign_in_browser(make_community(PLAIN_NAMES).viewer)
    page.goto("/images/")
    menu_button(page, PLAIN_NAMES.person).click()
    assert small_targets(page) == []
