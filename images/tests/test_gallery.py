"""Which images of a list load at once, and the link to the next page."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from images.models import Image
from testing.markup import next_page

pytestmark = pytest.mark.django_db
LISTS = pytest.mark.parametrize(("url", "size"), [("/images/", 18), ("/people/ben/", 12)])
HTMX = {"HX-Request": "true"}


@pytest.fixture
def images(ben: User) -> list[Image]:
    """30 images by Ben, newest first, each wider than the previous one."""
    return Image.objects.bulk_create(
        Image(user=ben, title="A bird", slug="x", image="x.png", width=50 + 5 * number, height=100)
        for number in range(30, 0, -1)
    )[::-1]


def pictures(html: str) -> list[str]:
    return re.findall(r'<img\s+src="/media/x[^>]+>', html)


def priority(picture: str) -> str:
    hint = re.search(r'fetchpriority="(\w+)"', picture)
    return hint[1] if hint else ""


def coming(html: str) -> list[str]:
    tiles = LexborHTMLParser(html).css(".gallery__reserved span")
    return [tile.attributes["class"] or "" for tile in tiles]


@LISTS
def test_images_in_sight_load_at_once_and_the_first_before_the_rest(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shown = pictures(as_ana.get(url).text)
    assert len(shown) == size
    assert ["lazy" in picture for picture in shown] == [False] * 8 + [True] * (size - 8)
    assert ["auto, " in picture for picture in shown] == [False] * 8 + [True] * (size - 8)
    assert [priority(picture) for picture in shown] == (
        ["high", "", ""] + ["low"] * 5 + [""] * (size - 8)
    )


@LISTS
def test_appended_images_load_when_they_are_near(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shown = pictures(as_ana.get(next_page(as_ana.get(url).text), headers=HTMX).text)
    assert shown
    assert all("lazy" in picture and "high" not in picture for picture in shown)


@LISTS
def test_a_page_tells_the_shapes_of_the_first_images_of_the_next(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shapes = [f"shape-{image.shape}" for image in images]
    while url:
        html = as_ana.get(url).text
        del shapes[: len(pictures(html))]
        assert coming(html) == shapes[:8]
        url = next_page(html)
    assert shapes == []
