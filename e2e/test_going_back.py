"""The back button leads to the same place in a long list, and to nothing after signing out."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import scripts_on, scroll_until
from e2e.test_feed import OLDER, do_things
from images.models import Image
from people.models import Contact


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    return whole_browser


def test_going_back_from_the_37th_entry_leads_to_the_same_place(
    page: Page, followed_ben: User, person: Callable[..., User], scripts: bool
) -> None:
    # Followed between other things, so that each has an entry of its own.
    for number in range(45):
        do_things(followed_ben, 1, begin=number)
        Contact.objects.follow(followed_ben, person(f"person{number:02}"))
    page.set_viewport_size({"width": 500, "height": 600})
    page.goto("/")
    if not scripts:
        page.get_by_role("link", name="See what people are doing").click()
    entries = page.locator("#feed article p:first-child")
    link = page.locator("#feed").get_by_role("link", name="Person26", exact=True)
    if scripts:
        scroll_until(page, link.count)
    while not link.count():
        with page.expect_navigation():
            page.get_by_role("link", name=OLDER).click()
    link.scroll_into_view_if_needed()
    # What comes into reach by scrolling has to be there, too.
    page.wait_for_timeout(500)
    shown, place = entries.count(), page.evaluate("scrollY") if scripts else 0
    link.click()
    expect(page.get_by_role("heading", name="Person26", exact=True)).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(entries).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == place


def test_going_back_from_an_image_leads_to_the_same_place(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(viewer, f"Image {number:02}")
    page.set_viewport_size({"width": 500, "height": 600})
    page.goto("/images/")
    link = page.get_by_role("link", name="Image 20", exact=True)
    if scripts:
        scroll_until(page, link.count)
    while not link.count():
        with page.expect_navigation():
            page.get_by_role("link", name="More images").click()
    link.scroll_into_view_if_needed()
    # What comes into reach by scrolling has to be there, too.
    page.wait_for_timeout(500)
    place = page.evaluate("scrollY") if scripts else 0
    shown = page.locator("#images article").count()
    link.click()
    expect(page.get_by_role("heading", name="Image 20")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(page.locator("#images article")).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == place


@scripts_on
def test_after_signing_out_going_back_shows_nothing(
    page: Page, person: Callable[..., User], sign_in_browser: Callable[[User], None]
) -> None:
    sign_in_browser(person("dora"))
    for place in ("/profile/", "/accounts/email/", "/people/"):
        page.goto(place)
    page.get_by_role("button", name="Dora").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Join Magpie")).to_be_visible()
    for _ in range(3):
        page.go_back(wait_until="commit")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert "Dora" not in page.content()
