"""Long lists, scrolled or paged to their end."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scroll_until, seen_to_the_end
from images.models import Image


def test_a_list_of_60_people(
    page: Page, ana: User, person: Callable[..., User], scripts: bool
) -> None:
    for number in range(59):
        person(f"person{number:02}")
    page.goto("/people/")
    names = page.locator("#people article h2")
    seen = seen_to_the_end(page, names, "More people", scripts)
    assert seen == [*(f"Person{number:02}" for number in range(58, -1, -1)), "Ana"]


def test_a_list_of_60_images(
    page: Page, ana: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(ana, f"Image {number:02}")
    page.goto("/images/")
    titles = page.locator("#images article h2")
    seen = seen_to_the_end(page, titles, "More images", scripts)
    assert seen == [f"Image {number:02}" for number in range(59, -1, -1)]


def test_going_to_an_image_and_back_to_the_same_place(
    page: Page, ana: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(ana, f"Image {number:02}")
    page.set_viewport_size({"width": 500, "height": 600})
    page.goto("/images/")
    link = page.get_by_role("link", name="Image 20", exact=True)
    if scripts:
        scroll_until(page, link.count)
    while not link.count():
        with page.expect_navigation():
            page.get_by_role("link", name="More images").click()
    link.scroll_into_view_if_needed()
    place = page.evaluate("scrollY") if scripts else 0
    shown = page.locator("#images article").count()
    link.click()
    expect(page.get_by_role("heading", name="Image 20")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(link).to_be_in_viewport()
    expect(page.locator("#images article")).to_have_count(shown)
    if scripts:
        assert page.evaluate("scrollY") == place
