"""Paths of all pages, for tests that check every page."""

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

SIGNED_OUT_PATHS = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-x/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/x/",
]
SIGNED_IN_PATHS = [
    "/",
    "/stream/",
    "/notifications/",
    "/people/",
    "/suggestions/",
    "/settings/",
    "/welcome/profile/",
    "/welcome/people/",
    "/welcome/images/",
    "/images/",
    "/images/add/",
    "/images/bookmarklet/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
]
# Pages with lists. An image's key is to be filled in.
LIST_PATHS = [
    *("/images/", "/people/", "/people/ben/", "/stream/", "/"),
    *("/people/ben/followers/", "/people/ben/following/", "/people/ben/activity/"),
    *("/images/{image}/", "/images/{image}/likes/"),
]
# Only for people without a password.
SET_PASSWORD_PATH = "/accounts/password/set/"


def paths_of(user: User) -> list[str]:
    """Return the paths of the pages about a person."""
    names = ("user_detail", "user_activity", "user_likes", "user_followers", "user_following")
    return [reverse(name, args=[user]) for name in names]


def open_page(page: Page, path: str) -> None:
    """Open a page, and load the feed that it would load only when a viewer scrolls to it."""
    page.goto(path)
    page.evaluate("document.querySelector('.lazy-feed')?.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".lazy-feed")).to_have_count(0)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
