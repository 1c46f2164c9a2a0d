"""Django's admin looks like the rest of the site."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on

pytestmark = scripts_on
URLS = [
    "/admin/",
    "/admin/django_ox/oxtask/",
    "/admin/images/image/",
    "/admin/people/profile/",
    "/admin/auth/user/add/",
]


@pytest.fixture
def staff(person: Callable[..., User], sign_in_browser: Callable[[User], None]) -> User:
    staff = person("boss", is_staff=True, is_superuser=True)
    sign_in_browser(staff)
    return staff


def test_the_admin_has_the_name_and_colours_of_the_site(page: Page, staff: User) -> None:
    for scheme, surface in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(27, 29, 32)")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto("/admin/")
        expect(page.locator("#site-name").get_by_role("link", name="Magpie")).to_be_visible()
        expect(page.locator("#header")).to_have_css("background-color", surface)


def test_the_switch_of_the_admin_decides_for_all_colours(page: Page, staff: User) -> None:
    page.emulate_media(color_scheme="light")
    page.add_init_script("localStorage.theme = 'dark'")
    page.goto("/admin/")
    expect(page.locator("#header")).to_have_css("background-color", "rgb(27, 29, 32)")


@pytest.mark.parametrize("url", URLS)
def test_text_has_enough_contrast(page: Page, staff: User, url: str) -> None:
    # Django's admin breaks some of the other rules.
    only = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(url)
        assert Axe().run(page, options=only).response["violations"] == []
