"""The page of an image leads to other images of the same person."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from testing.markup import has, next_page, previous_page, text_of

pytestmark = pytest.mark.django_db


def save_images(user: User, count: int) -> list[Image]:
    """Save images of a user, and return them, newest first."""
    return Image.objects.bulk_create(
        Image(user=user, title=f"Image {number}", slug="x", image="x.png", width=1, height=1)
        for number in range(count)
    )[::-1]


def others(html: str) -> list[str]:
    return re.findall(r"other-images__title[^>]*>([^<]*)<", html)


def test_links_lead_through_all_images_of_the_person_and_no_others(
    as_ana: Client, ben: User, cleo: User
) -> None:
    images = []
    for _ in range(4):
        images += save_images(ben, 1)
        save_images(cleo, 1)
    urls = [image.get_absolute_url() for image in images[::-1]]
    for follow, path in ((next_page, urls), (previous_page, urls[::-1])):
        for url, then in zip(path, [*path[1:], ""], strict=True):
            assert follow(as_ana.get(url).text) == then


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, [1, 2, 3, 4, 5, 6]),
        (1, [0, 2, 3, 4, 5, 6]),
        (5, [2, 3, 4, 6, 7, 8]),
        (8, [4, 5, 6, 7, 9, 10][-6:]),
        (10, [4, 5, 6, 7, 8, 9]),
    ],
)
def test_the_page_shows_the_six_nearest_images(
    as_ana: Client, ben: User, position: int, expected: list[int]
) -> None:
    images = save_images(ben, 11)
    html = as_ana.get(images[position].get_absolute_url()).text
    assert text_of(html, "#others") == "More by Ben Okafor"
    assert others(html) == [images[number].title for number in expected]


def test_the_only_image_of_a_person_is_followed_by_none(as_ana: Client, ben: User) -> None:
    html = as_ana.get(save_images(ben, 1)[0].get_absolute_url()).text
    assert not has(html, "#others")


def test_the_viewer_sees_more_of_their_own(as_ana: Client, ana: User) -> None:
    html = as_ana.get(save_images(ana, 2)[0].get_absolute_url()).text
    assert text_of(html, "#others") == "More of your images"


def test_an_image_that_is_being_deleted_is_left_out(as_ana: Client, ben: User) -> None:
    first, hidden, last = save_images(ben, 3)
    Image.objects.filter(pk=hidden.pk).update(deletion_began="2026-01-01T00:00Z")
    html = as_ana.get(first.get_absolute_url()).text
    assert others(html) == [last.title]
    assert next_page(html) == last.get_absolute_url()
