"""The three steps of a first visit."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import open_home
from images.models import Image
from people.models import Contact, Profile
from testing.fixtures.people import PASSWORD


@pytest.fixture
def sign_up(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Username").fill("dora")
    page.get_by_label("Email").fill("dora@example.org")
    for label in ("Password", "Password (again)"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Say who you are")).to_be_visible()


def test_a_newcomer_takes_the_three_steps(
    page: Page, ben: User, cleo: User, bookmark: Callable[..., Image], sign_up: None, scripts: bool
) -> None:
    bookmark(ben, "A bird")
    Contact.objects.follow(cleo, ben)
    page.get_by_label("First name").fill("Dora")
    page.get_by_label("Bio").fill("I draw birds.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Follow people whose images you like")).to_be_visible()
    expect(page.get_by_role("img", name="A bird")).to_be_visible()
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    if scripts:
        expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    else:
        followed = page.get_by_role("region", name="People you follow")
        expect(followed.get_by_role("link", name="Ben Okafor")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Add your first image")).to_be_visible()
    page.get_by_role("button", name="Add an image").click()
    expect(page.get_by_label("Address")).to_be_visible()
    page.goto("/stream/")
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_text("Welcome to Magpie")).to_have_count(0)
    dora = Profile.objects.get(user__username="dora")
    assert (dora.bio, dora.first_step) == ("I draw birds.", "done")
    assert dora.user.following.get() == ben  # type: ignore[attr-defined]


def test_the_home_page_leads_back_to_the_steps_until_they_are_skipped(
    page: Page, sign_up: None
) -> None:
    page.get_by_role("button", name="Skip this step").click()
    expect(page.get_by_role("heading", name="Follow people whose images you like")).to_be_visible()
    open_home(page)
    page.get_by_role("region", name="Welcome to Magpie").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Follow people whose images you like")).to_be_visible()
    page.get_by_role("button", name="Skip all steps").click()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_text("Welcome to Magpie")).to_have_count(0)
