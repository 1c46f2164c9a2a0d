"""The viewer's menu opens and closes, with and without scripts."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button


def test_a_second_press_closes_the_menu(page: Page, viewer: User) -> None:
    page.goto("/people/")
    profile = page.get_by_role("link", name="Your profile")
    expect(profile).to_be_hidden()
    menu_button(page, "Ana Silva").click()
    expect(profile).to_be_visible()
    menu_button(page, "Ana Silva").click()
    expect(profile).to_be_hidden()


@scripts_on
def test_a_press_elsewhere_closes_the_menu(page: Page, viewer: User) -> None:
    page.goto("/people/")
    for elsewhere in (page.get_by_role("main"), page.locator(".site-header__places")):
        menu_button(page, "Ana Silva").click()
        expect(page.get_by_role("link", name="Your profile")).to_be_visible()
        elsewhere.click(position={"x": 2, "y": 2})
        expect(page.get_by_role("link", name="Your profile")).to_be_hidden()


@scripts_on
def test_escape_closes_the_menu_and_focuses_its_button(page: Page, viewer: User) -> None:
    page.goto("/people/")
    menu_button(page, "Ana Silva").click()
    page.get_by_role("link", name="Your profile").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Your profile")).to_be_hidden()
    expect(menu_button(page, "Ana Silva")).to_be_focused()


def test_the_menu_closes_when_focus_leaves_it(page: Page, viewer: User) -> None:
    page.goto("/people/")
    menu_button(page, "Ana Silva").click()
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
