"""axe-core finds nothing to complain of, on any page, full and empty, with short and long names."""

from collections.abc import Callable, Iterable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from images.models import Image
from testing.axe import violations
from testing.community import (
    FOR_MEMBERS,
    FOR_STRANGERS,
    LONG,
    PLAIN,
    TO_SET_A_PASSWORD,
    addresses_of,
    settle,
    visit,
)

pytestmark = scripts_on


def violations_at(page: Page, addresses: Iterable[str]) -> list[str]:
    found = []
    for address in addresses:
        visit(page, address)
        found += violations(page)
    return found


def test_pages_for_strangers(page: Page) -> None:
    addresses = settle(PLAIN).addresses_in_mails
    assert violations_at(page, [*FOR_STRANGERS, *addresses]) == []


def test_pages_for_members(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    town = settle(PLAIN)
    sign_in_browser(town.me)
    assert violations_at(page, town.addresses) == []


def test_pages_with_long_names(page: Page, sign_in_browser: Callable[[User], None]) -> None:
    town = settle(LONG)
    sign_in_browser(town.me)
    addresses = ["/", "/people/", "/images/", *addresses_of(town.friend)]
    assert violations_at(page, [*addresses, town.mine.get_absolute_url()]) == []


def test_pages_for_newcomers(
    page: Page,
    viewer: User,
    ben: User,
    bookmark: Callable[..., Image],
    expect_complaint: Callable[[str], None],
) -> None:
    addresses = [*FOR_MEMBERS, TO_SET_A_PASSWORD, *addresses_of(viewer)]
    assert violations_at(page, addresses) == []
    # Who has no password cannot type it once more.
    expect_complaint("403")
    assert violations_at(page, addresses_of(ben)) == []
    image = bookmark(ben, "A bird")
    assert violations_at(page, [f"/images/{image.pk}/likes/", image.get_absolute_url()]) == []


def test_pages_in_german(
    page: Page, site_url: str, sign_in_browser: Callable[[User], None]
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "de", "url": site_url}])
    assert violations_at(page, ["/", "/accounts/signup/"]) == []
    town = settle(PLAIN)
    sign_in_browser(town.me)
    assert violations_at(page, ["/", "/profile/", town.mine.get_absolute_url()]) == []
    expect(page.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("address", ["/", "/images/"])
def test_the_menu(page: Page, sign_in_browser: Callable[[User], None], address: str) -> None:
    town = settle(PLAIN)
    sign_in_browser(town.me)
    visit(page, address)
    page.get_by_role("button", name=PLAIN.person).click()
    expect(page.get_by_role("link", name="Your profile")).to_be_visible()
    assert violations(page) == []
