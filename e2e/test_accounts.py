"""Signing up, signing in and signing out."""

import re
from collections.abc import Callable

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from stream.models import Action
from testing.fixtures.people import PASSWORD


def test_a_visitor_signs_up(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Join Magpie").click()
    page.get_by_label("Username").fill("dora")
    page.get_by_label("Email").fill("dora@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Say who you are")).to_be_visible()
    dora = User.objects.get(username="dora")
    assert dora.profile
    assert Action.objects.get().user == dora


def test_a_mistake_can_be_corrected(page: Page, person: Callable[..., User]) -> None:
    person("dora")
    page.goto("/accounts/signup/")
    page.get_by_label("Username").fill("DORA")
    page.get_by_label("Email").fill("dora@example.org")
    for label in ("Password", "Password (again)"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_label("Username")).to_have_accessible_description(
        re.compile("This username, or one that looks like it, is already taken.")
    )
    expect(page.get_by_label("Email")).to_have_value("dora@example.org")
    expect(page.locator("#error-summary")).to_be_focused()
    assert User.objects.count() == 1


def test_signing_in_leads_to_the_requested_page(page: Page, person: Callable[..., User]) -> None:
    person("dora", password=PASSWORD)
    page.goto("/people/")
    page.get_by_label("Username or email").fill("dora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert Session.objects.count() == 1


def test_signing_out(
    page: Page, person: Callable[..., User], sign_in_browser: Callable[[User], None]
) -> None:
    sign_in_browser(person("dora"))
    key = Session.objects.get().session_key
    page.goto("/people/")
    menu_button(page, "Dora").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Join Magpie")).to_be_visible()
    assert Session.objects.filter(session_key=key).count() == 0
    page.goto("/people/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@scripts_on
def test_nothing_about_a_person_is_stored_in_the_browser(
    page: Page, viewer: User, followed_ben: User
) -> None:
    page.goto("/people/ben/")
    page.get_by_role("button", name="Unfollow").click()
    expect(page.get_by_role("button", name="Follow Ben Okafor", exact=True)).to_be_visible()
    for path in ("/", "/stream/", "/settings/", "/images/add/"):
        page.goto(path)
    assert page.evaluate("({...localStorage})") == {}
    # htmx stores the current path for its history.
    stored = {"htmx-current-path-for-history": "/images/add/"}
    assert page.evaluate("({...sessionStorage})") == stored
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
