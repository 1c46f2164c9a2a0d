"""The oldest Chromium that Magpie supports shows the same pages as the current one."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserType, Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from testing.axe import NARROW, WIDE
from testing.community import PLAIN_NAMES, make_community
from testing.paths import SIGNED_OUT_PATHS, open_page
from tools.servers.browser import ARGUMENTS
from tools.servers.old_browser import CHROMIUM

pytestmark = pytest.mark.clients

# The colours and the box of each visible element, and of the symbol before its text, such as a
# heart. Lines of a heading break elsewhere, because only new browsers balance them, and the name
# on a card may begin half a pixel further on.
LOOK = """() => {
  const look = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return [style.color, style.backgroundColor, style.borderTopColor, style.webkitMaskPosition];
  };
  return [...document.body.querySelectorAll(":not(time, h1 *, h2 *, .image-card__facts *)")]
    .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }))
    .map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const box = [x, y, width, height].map(Math.round);
      const name = `${element.localName} ${element.className}`;
      return [name, ...box, ...look(element), ...look(element, "::before")].join("; ");
    });
}"""


@pytest.fixture(scope="session")
def old_browser(browser_type: BrowserType) -> Iterator[Browser]:
    with browser_type.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser:
        yield browser


@pytest.fixture
def old_page(old_browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with old_browser.new_context(**browser_context_args) as context:
        yield context.new_page()


@pytest.fixture
def pages(page: Page, old_page: Page) -> list[Page]:
    """Return a page of the current Chromium and one of the old Chromium."""
    return [page, old_page]


def differences(pages: list[Page], where: str) -> list[str]:
    """Return how the pages differ, narrow and wide, light and dark."""
    found = []
    for size, scheme in product((NARROW, WIDE), ("light", "dark")):
        looks = []
        for page in pages:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            looks.append(page.evaluate(LOOK))
        current, old = looks
        only_one = [*(set(current) - set(old)), *(set(old) - set(current))]
        found += [f"{where}, {size['width']}, {scheme}: {look}" for look in only_one]
    return found


@scripts_on
def test_signed_out_pages_look_the_same(pages: list[Page]) -> None:
    found = []
    for path in SIGNED_OUT_PATHS:
        for page in pages:
            open_page(page, path)
        found += differences(pages, path)
    assert found == []


@scripts_on
def test_signed_in_pages_look_the_same(
    pages: list[Page], sign_in_browser: Callable[[User], None]
) -> None:
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    pages[1].context.add_cookies(pages[0].context.cookies())  # type: ignore[arg-type]
    found = []
    # Only the first browser to open this shows what is new.
    pages[0].goto("/notifications/")
    for path in community.paths:
        for page in pages:
            open_page(page, path)
        found += differences(pages, path)
    for page in pages:
        menu_button(page, PLAIN_NAMES.person).click()
        # What lies under the mouse may have another colour.
        page.mouse.move(0, 0)
    assert [*found, *differences(pages, "the menu")] == []


def test_the_menu_opens_on_a_press(
    page: Page, old_page: Page, ana: User, sign_in_browser: Callable[[User], None]
) -> None:
    sign_in_browser(ana)
    old_page.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    old_page.goto("/people/")
    profile = old_page.get_by_role("link", name="Your profile")
    expect(profile).to_be_hidden()
    menu_button(old_page, "Ana Silva").click()
    expect(profile).to_be_visible()
    profile.click()
    expect(old_page).to_have_url("/people/ana/")
