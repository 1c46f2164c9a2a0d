"""Wherever Tab leads, focus is visible and follows the reading order, forwards and backwards."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from e2e.pages import menu_button
from testing.community import PLAIN_NAMES, make_community
from testing.paths import open_page, paths_of

pytestmark = scripts_on


# Returns the faults of the focused element, or null if focus has been there before. A card may show
# the focus ring for its link. Two consecutive elements are in reading order if the second is below
# or beside the first. For each of them, the largest box counts that does not contain the other.
FAULTS_OF_FOCUS = """(isBackward) => {
  const focused = document.activeElement;
  // Tab also stops at each part of a date.
  if (focused == stops.at(-1)) return [];
  if (focused == document.body || stops.includes(focused)) return null;
  const found = [];
  const box = focused.getClientRects()[0];
  const { left, top, bottom, width, height } = box;
  // A text area scrolls the line with the caret into view.
  const isText = focused.matches("textarea");
  for (const y of isText ? [top + 20] : [top + 2, top + height / 2, bottom - 2]) {
    const hit = document.elementFromPoint(left + width / 2, y);
    if (!focused.contains(hit) && !hit?.contains(focused)) found.push(`under ${hit?.outerHTML}`);
  }

  const card = focused.closest("h2") && focused.closest(".person-card, .image-card");
  const ringed = [focused, card, card?.querySelector(".image-card__link")].find(
    (element) => element && getComputedStyle(element).outlineStyle != "none",
  );
  const { outlineWidth, outlineOffset } = ringed ? getComputedStyle(ringed) : {};
  if (!(parseFloat(outlineWidth) >= 2)) found.push("no ring");
  const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset) - 1;
  const inner = ringed?.getClientRects()[0];
  for (let outer = ringed?.parentElement; outer?.parentElement; outer = outer.parentElement) {
    if (getComputedStyle(outer).overflow == "visible") continue;
    const edge = outer.getBoundingClientRect();
    if (inner.left - reach < edge.left || inner.right + reach > edge.right ||
        inner.top - reach < edge.top || inner.bottom + reach > edge.bottom)
      found.push(`the ring is cut by ${outer.outerHTML}`);
  }

  const pair = isBackward ? [focused, stops.at(-1)] : [stops.at(-1), focused];
  if (pair.every((stop) => stop?.closest("main"))) {
    let [first, second] = pair;
    while (!first.parentElement.contains(second)) first = first.parentElement;
    while (second.parentElement != first.parentElement) second = second.parentElement;
    const [before, after] = [[...first.getClientRects()].at(-1), second.getClientRects()[0]];
    if (after.top < before.bottom - 1 && after.left < before.right - 1)
      found.push(`read before ${stops.at(-1).outerHTML}`);
  }
  stops.push(focused);
  return found.map((fault) => `${focused.outerHTML}: ${fault}`);
}"""


def walk(page: Page, key: str) -> list[str]:
    """Press a key until focus has visited every stop, and return the faults."""
    found: list[str] = []
    while True:
        page.keyboard.press(key)
        faults = page.evaluate(FAULTS_OF_FOCUS, key != "Tab")
        if faults is None:
            return found
        found += [f"{page.url}, {key}: {fault}" for fault in faults]


def faults_in_both_directions(page: Page) -> list[str]:
    page.evaluate("window.stops = []")
    found = walk(page, "Tab")
    page.evaluate("stops.at(-1).focus(); window.stops = [document.activeElement]")
    found += walk(page, "Shift+Tab")
    assert page.evaluate("stops.at(-1).className") == "skip-link"
    return found


@pytest.mark.parametrize("size", [(1280, 800), (360, 640)], ids=["wide", "narrow"])
def test_focus_is_visible_and_in_order_on_every_page(
    page: Page, sign_in_browser: Callable[[User], None], size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = []
    for address in ("/", "/accounts/signup/"):
        page.goto(address)
        found += faults_in_both_directions(page)
    community = make_community(PLAIN_NAMES)
    create_actions(community.friend, 4)
    sign_in_browser(community.viewer)
    for address in (
        "/",
        "/people/",
        "/settings/",
        "/images/",
        "/images/add/",
        "/accounts/email/",
        *paths_of(community.friend),
        f"/images/{community.own_image.pk}/edit/",
        f"/images/{community.own_image.pk}/likes/",
        community.own_image.get_absolute_url(),
    ):
        open_page(page, address)
        found += faults_in_both_directions(page)
    assert found == []


def test_focus_is_visible_and_in_order_in_the_menu(
    page: Page, sign_in_browser: Callable[[User], None]
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    sign_in_browser(make_community(PLAIN_NAMES).viewer)
    page.goto("/images/")
    button = menu_button(page, PLAIN_NAMES.person)
    button.focus()
    page.keyboard.press("Enter")
    page.evaluate("window.stops = [document.activeElement]")
    assert walk(page, "Tab") == []
    assert page.evaluate("stops[1].textContent") == "Your profile"
    assert page.evaluate("stops.map(({ textContent }) => textContent)").count("Sign out") == 1


def test_floating_messages_do_not_cover_focus(
    page: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.clock.install()
    create_actions(followed_ben, 9)
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(9)
    create_actions(followed_ben, 1, begin=9)
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name="1 new action")).to_be_visible()
    page.route("**/stream/?after=*", lambda route: route.fulfill(status=500))
    page.get_by_role("link", name="1 new action").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work")).to_be_visible()
    expect_console_error("500")
    assert faults_in_both_directions(page) == []
