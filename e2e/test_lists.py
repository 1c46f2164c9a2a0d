"""Long lists are complete, with scrolling and with page links."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page

from e2e.pages import read_whole_list
from images.models import Image


def test_all_of_60_people_are_listed(
    page: Page, viewer: User, person: Callable[..., User], scripts: bool
) -> None:
    for number in range(59):
        person(f"person{number:02}")
    page.goto("/people/")
    names = page.locator("#people article h2")
    texts = read_whole_list(page, names, "More people", scripts)
    assert texts == [*(f"Person{number:02}" for number in range(58, -1, -1)), "Ana Silva"]


def test_all_of_60_images_are_listed(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(60):
        bookmark(viewer, f"Image {number:02}")
    page.goto("/images/")
    titles = page.locator("#images article h2")
    texts = read_whole_list(page, titles, "More images", scripts)
    assert texts == [f"Image {number:02}" for number in range(59, -1, -1)]
