"""Being told what others did with what is one's own."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from images.models import Image
from people.models import Contact


def test_a_like_is_counted_seen_and_retracted(
    page: Page, viewer: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(viewer, "A bird")
    image.like(ben)
    page.goto("/images/")
    link = page.get_by_role("link", name="Notifications")
    expect(link).to_have_text("Notifications 1")
    link.click()
    expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("New Ben Okafor likes A bird")
    expect(link).to_have_text("Notifications")
    page.get_by_role("link", name="A bird").click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    expect(link).to_have_text("Notifications")
    image.unlike(ben)
    link.click()
    expect(page.get_by_text("Nobody has followed you")).to_be_visible()


def test_new_followers_are_followed_from_the_notifications(
    page: Page, viewer: User, ben: User, cleo: User
) -> None:
    Contact.objects.follow(ben, viewer)
    page.goto("/notifications/")
    row = page.get_by_role("article").first
    row.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(row.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    Contact.objects.follow(cleo, viewer)
    page.reload()
    expect(row).to_contain_text("cleo and Ben Okafor follow you")
    row.get_by_role("button", name="Follow cleo", exact=True).click()
    expect(row.get_by_role("button", name="Unfollow cleo")).to_be_visible()
    assert viewer.following.count() == 2  # type: ignore[attr-defined]
