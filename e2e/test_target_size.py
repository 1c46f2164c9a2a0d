"""What can be pressed is at least 24 pixels wide and high, unless it stands in a sentence."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from e2e.conftest import scripts_on
from testing.axe import NARROW
from testing.community import FOR_STRANGERS, PLAIN, settle, visit

pytestmark = scripts_on

# Where a target looks smaller, it is asked what a press beside its middle would hit; that of a
# checkbox is its label's, too.
SMALL_TARGETS = """() => {
  const selector = "a[href], button, input:not([type=hidden]), textarea, label:has(input)";
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


def test_pages_for_strangers(page: Page) -> None:
    found = []
    for address in (*FOR_STRANGERS, *settle(PLAIN).addresses_in_mails):
        visit(page, address)
        found += small_targets(page)
    assert found == []


def test_pages_for_members(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    town = settle(PLAIN)
    sign_in_browser(town.me)
    found = []
    for address in town.addresses:
        visit(page, address)
        found += small_targets(page)
    assert found == []


def test_the_menu(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    sign_in_browser(settle(PLAIN).me)
    page.goto("/images/")
    page.get_by_role("button", name=PLAIN.person).click()
    assert small_targets(page) == []
