"""On the home page, images are liked and saved, and people followed, where they are shown."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import is_marked, mark
from images.models import Image
from people.models import Contact


def test_an_image_is_liked_and_saved_from_the_home_page(
    page: Page,
    viewer: User,
    followed_ben: User,
    cleo: User,
    bookmark: Callable[..., Image],
    scripts: bool,
) -> None:
    image = bookmark(followed_ben, "A heron")
    Contact.objects.follow(viewer, cleo)
    image.like(cleo)
    page.goto("/")
    entry = page.locator("#feed article").first
    expect(entry).to_contain_text("cleo likes this")
    expect(entry).to_contain_text("Ben Okafor saved this")
    if scripts:
        mark(page)
    entry.get_by_role("button", name="Like A heron", exact=True).click()
    expect(entry.get_by_role("button", name="Unlike A heron")).to_be_visible()
    expect(entry.get_by_text("2 likes")).to_be_visible()
    entry.get_by_role("button", name="Save A heron", exact=True).click()
    expect(entry.get_by_role("link", name="Saved A heron")).to_be_visible()
    if scripts:
        expect(entry.get_by_role("link", name="Saved A heron")).to_be_focused()
        assert is_marked(page)
    assert image.likes.filter(user=viewer).exists()
    assert viewer.images_created.get().via == followed_ben


def test_people_whom_others_follow_are_followed_from_the_home_page(
    page: Page, viewer: User, followed_ben: User, person: Callable[..., User], scripts: bool
) -> None:
    for number in range(6):
        Contact.objects.follow(followed_ben, person(f"person{number:02}"))
    page.goto("/")
    entry = page.locator("#feed article").first
    expect(entry).to_contain_text("Ben Okafor is following 6 people")
    expect(entry).to_contain_text("and 2 more")
    entry.get_by_role("button", name="Follow Person05", exact=True).click()
    expect(entry.get_by_role("button", name="Unfollow Person05")).to_be_visible()
    assert Contact.objects.filter(user_from=viewer, user_to__username="person05").exists()
    entry.get_by_role("link", name="and 2 more").click()
    expect(page.get_by_role("heading", name="People Ben Okafor follows")).to_be_visible()
    expect(page.get_by_role("link", name="person00")).to_be_visible()


def test_people_beside_each_other_scroll_without_the_page(
    page: Page, viewer: User, followed_ben: User, person: Callable[..., User]
) -> None:
    for number in range(4):
        Contact.objects.follow(followed_ben, person(f"person{number:02}"))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/stream/")
    expect(page.locator(".people-row")).to_be_visible()
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth") == 320


def test_a_high_image_is_in_the_middle_of_its_entry(
    page: Page, viewer: User, followed_ben: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(followed_ben, "A heron", size=(400, 600))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto("/stream/")
    entry = page.locator("#feed article").first
    head, image, title = (
        entry.locator(part).bounding_box()
        for part in (".entry__head", "img[alt]:not(.photo)", "h2")
    )
    assert head
    assert image
    assert title
    assert image["x"] + image["width"] / 2 == pytest.approx(head["x"] + head["width"] / 2, abs=1)
    assert image["height"] <= 450
    assert title["x"] == pytest.approx(head["x"], abs=1)
