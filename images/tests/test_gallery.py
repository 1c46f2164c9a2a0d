"""Lists of images: which ones load at once, and the space reserved for the next page."""

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


def img_tags(html: str) -> list[str]:
    return re.findall(r'<img\s+src="/media/x[^>]+>', html)


def priority(tag: str) -> str:
    hint = re.search(r'fetchpriority="(\w+)"', tag)
    return hint[1] if hint else ""


def reserved_shapes(html: str) -> list[str]:
    tiles = LexborHTMLParser(html).css(".gallery__reserved span")
    return [tile.attributes["class"] or "" for tile in tiles]


@LISTS
def test_the_first_eight_images_load_at_once_and_the_very_first_with_priority(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shown = img_tags(as_ana.get(url).text)
    assert len(shown) == size
    assert ["lazy" in tag for tag in shown] == [False] * 8 + [True] * (size - 8)
    assert ["auto" in tag for tag in shown] == [False] * 8 + [True] * (size - 8)
    assert [priority(tag) for tag in shown] == (["high", "", ""] + ["low"] * 5 + [""] * (size - 8))


@LISTS
def test_images_of_later_pages_load_lazily(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shown = img_tags(as_ana.get(next_page(as_ana.get(url).text), headers=HTMX).text)
    assert shown
    assert all("lazy" in tag and "high" not in tag for tag in shown)


@LISTS
def test_a_page_reserves_space_for_the_first_images_of_the_next_page(
    as_ana: Client, images: list[Image], url: str, size: int
) -> None:
    shapes = [f"shape-{image.shape}" for image in images]
    while url:
        html = as_ana.get(url).text
        del shapes[: len(img_tags(html))]
        assert reserved_shapes(html) == shapes[:8]
        url = next_page(html)
    assert shapes == []
