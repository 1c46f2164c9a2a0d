"""axe-core finds no fault on any page, full or empty, with short and long names."""

from collections.abc import Callable, Iterable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from images.models import Image
from testing.axe import violations
from testing.community import LONG_NAMES, PLAIN_NAMES, make_community
from testing.paths import SET_PASSWORD_PATH, SIGNED_IN_PATHS, SIGNED_OUT_PATHS, open_page, paths_of

pytestmark = scripts_on


def violations_at(page: Page, addresses: Iterable[str]) -> list[str]:
    found = []
    for address in addresses:
        open_page(page, address)
        found += violations(page)
    return found


def test_signed_out_pages_pass(page: Page) -> None:
    addresses = make_community(PLAIN_NAMES).paths_in_mail
    assert violations_at(page, [*SIGNED_OUT_PATHS, *addresses]) == []


def test_signed_in_pages_pass(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    assert violations_at(page, community.paths) == []


def test_pages_with_long_names_pass(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    community = make_community(LONG_NAMES)
    sign_in_browser(community.viewer)
    addresses = ["/", "/people/", "/images/", *paths_of(community.friend)]
    assert violations_at(page, [*addresses, community.own_image.get_absolute_url()]) == []


def test_empty_pages_pass(
    page: Page,
    viewer: User,
    ben: User,
    bookmark: Callable[..., Image],
    expect_console_error: Callable[[str], None],
) -> None:
    addresses = [*SIGNED_IN_PATHS, SET_PASSWORD_PATH, *paths_of(viewer)]
    assert violations_at(page, addresses) == []
    # The viewer has no password, so the page that asks for it again answers 403.
    expect_console_error("403")
    assert violations_at(page, paths_of(ben)) == []
    image = bookmark(ben, "A bird")
    assert violations_at(page, [f"/images/{image.pk}/likes/", image.get_absolute_url()]) == []


def test_pages_in_german_pass(
    page: Page, site_url: str, sign_in_browser: Callable[[User], None]
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "de", "url": site_url}])
    assert violations_at(page, ["/", "/accounts/signup/"]) == []
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    assert violations_at(page, ["/", "/settings/", community.own_image.get_absolute_url()]) == []
    expect(page.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("address", ["/", "/images/"])
def test_the_open_menu_passes(
    page: Page, sign_in_browser: Callable[[User], None], address: str
) -> None:
    community = make_community(PLAIN_NAMES)
    sign_in_browser(community.viewer)
    open_page(page, address)
    menu_button(page, PLAIN_NAMES.person).click()
    expect(page.get_by_role("link", name="Your profile")).to_be_visible()
    # Axe would count a link that the menu partly covers as too small.
    assert violations(page, ".site-header") == []
