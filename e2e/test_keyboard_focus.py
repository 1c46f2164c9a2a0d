"""Wherever Tab leads, focus is seen, in the order in which the page is read, and back again."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.test_feed import do_things
from testing.community import PLAIN, addresses_of, settle, visit

pytestmark = scripts_on


@pytest.fixture(autouse=True)
def still(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")


# Returns what is wrong with where focus is, or null where it has been before. Its ring may be on
# the card whose link it is; of two that follow each other, the boxes that part them have to be
# below or beside each other.
LOOK = """(isBackward) => {
  const focused = document.activeElement;
  // The parts of a date are stops, too.
  if (focused == stops.at(-1)) return [];
  if (focused == document.body || stops.includes(focused)) return null;
  const found = [];
  const box = focused.getClientRects()[0];
  const { left, top, bottom, width, height } = box;
  // Of several lines, the one with the caret comes into sight.
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
    """Press a key until focus has been everywhere; returns what is wrong on the way."""
    found: list[str] = []
    while True:
        page.keyboard.press(key)
        faults = page.evaluate(LOOK, key != "Tab")
        if faults is None:
            return found
        found += [f"{page.url}, {key}: {fault}" for fault in faults]


def there_and_back(page: Page) -> list[str]:
    page.evaluate("window.stops = []")
    found = walk(page, "Tab")
    page.evaluate("stops.at(-1).focus(); window.stops = [document.activeElement]")
    found += walk(page, "Shift+Tab")
    assert page.evaluate("stops.at(-1).className") == "skip"
    return found


@pytest.mark.parametrize("size", [(1280, 800), (360, 640)], ids=["wide", "narrow"])
def test_everywhere(page: Page, sign_in: Callable[[User], None], size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = []
    for address in ("/", "/accounts/signup/"):
        page.goto(address)
        found += there_and_back(page)
    town = settle(PLAIN)
    do_things(town.friend, 4)
    sign_in(town.me)
    for address in (
        "/",
        "/people/",
        "/profile/",
        "/images/",
        "/images/add/",
        "/accounts/email/",
        *addresses_of(town.friend),
        f"/images/{town.mine.pk}/edit/",
        f"/images/{town.mine.pk}/likes/",
        town.mine.get_absolute_url(),
    ):
        visit(page, address)
        found += there_and_back(page)
    assert found == []


def test_in_the_menu(page: Page, sign_in: Callable[[User], None]) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    sign_in(settle(PLAIN).me)
    page.goto("/images/")
    button = page.get_by_role("button", name=PLAIN.person)
    button.focus()
    page.keyboard.press("Enter")
    page.evaluate("window.stops = [document.activeElement]")
    assert walk(page, "Tab") == []
    first, last = page.get_by_role("link", name="Your profile"), page.get_by_text("Sign out")
    assert page.evaluate("stops[1].textContent") == first.inner_text()
    assert page.evaluate("stops.map(({ textContent }) => textContent)").count("Sign out") == 1
    expect(last).to_be_visible()
    button.focus()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(button).to_be_focused()


def test_beside_news_and_an_alert_that_float(
    page: Page, ben: User, expect_complaint: Callable[[str], None]
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.clock.install()
    do_things(ben, 9)
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(9)
    do_things(ben, 1, begin=9)
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name="1 new activity")).to_be_visible()
    page.route("**/stream/?after=*", lambda route: route.fulfill(status=500))
    page.get_by_role("link", name="1 new activity").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work")).to_be_visible()
    expect_complaint("500")
    assert there_and_back(page) == []
