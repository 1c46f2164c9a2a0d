"""The page of all settings."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import menu_button
from images.models import Image
from people.models import Profile


def test_choosing_whose_likes_to_be_told_of(
    page: Page, viewer: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(viewer, "A bird")
    page.goto("/images/")
    menu_button(page, "Ana Silva").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Likes of your images").select_option("Only people I follow")
    page.get_by_role("button", name="Save notifications").click()
    expect(page.get_by_text("Your notification settings are saved.")).to_be_visible()
    expect(page.get_by_label("Likes of your images")).to_have_value("followed")
    assert Profile.objects.get(user=viewer).told_of_likes == "followed"
    image.like(ben)
    page.goto("/notifications/")
    expect(page.get_by_text("Nobody has followed you")).to_be_visible()


def test_a_section_is_saved_without_the_others(page: Page, viewer: User) -> None:
    page.goto("/settings/")
    page.get_by_label("New followers").select_option("Nobody")
    page.get_by_label("Bio").fill("I draw birds.\nSlowly.")
    page.get_by_label("Link").fill("example.org/ana")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("link", name="example.org/ana")).to_be_visible()
    expect(page.get_by_text("I draw birds.")).to_be_visible()
    profile = Profile.objects.get(user=viewer)
    assert (profile.bio, profile.told_of_follows) == ("I draw birds.\nSlowly.", "everyone")
