"""Ending the weekly mail by a link in it, without signing in."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from home.tests.digests import want_digest
from home.unsubscribe import unsubscribe_path
from people.models import Profile


def test_one_press_ends_the_weekly_mail(page: Page, ben: User) -> None:
    want_digest(ben)
    page.goto(unsubscribe_path(ben))
    expect(page.get_by_role("main")).to_contain_text("@ben")
    assert Profile.objects.get(user=ben).weekly_digest
    button = page.get_by_role("button", name="Stop the weekly mail")
    button.click()
    expect(page.get_by_text("gets no weekly mail")).to_be_visible()
    expect(button).to_have_count(0)
    assert not Profile.objects.get(user=ben).weekly_digest
    page.get_by_role("link", name="Your settings").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
