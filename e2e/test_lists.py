"""Long lists, scrolled or paged to their end."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page

from e2e.conftest import seen_to_the_end
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
