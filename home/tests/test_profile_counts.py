"""A profile shows the person's numbers of followers, followed people and images."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from images.models import Image, ImageCount
from people.models import Contact, Profile

pytestmark = pytest.mark.django_db


def counts(client: Client) -> list[tuple[str, str | None]]:
    """Return the texts and the addresses of the counts on Ben's profile."""
    html = LexborHTMLParser(client.get("/people/ben/").text)
    links = html.css(".profile__counts a:has(.count)")
    return [(link.text(strip=True), link.attributes["href"]) for link in links]


def test_a_profile_links_each_count_to_its_list(
    as_ana: Client, ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    lists = ("/people/ben/followers/", "/people/ben/following/", "#images-of")
    nothing = ("0 followers", "0 following", "0 images")
    assert counts(as_ana) == [*zip(nothing, lists, strict=True)]
    for followed in (ana, cleo):
        Contact.objects.follow(ben, followed)
    Contact.objects.follow(ana, ben)
    image = bookmark(ben, title="A bird")
    numbers = ("1 follower", "2 following", "1 image")
    assert counts(as_ana) == [*zip(numbers, lists, strict=True)]
    image.delete()
    assert counts(as_ana)[2] == ("0 images", "#images-of")


def test_large_counts_are_grouped(as_ana: Client, ben: User) -> None:
    Profile.objects.filter(user=ben).update(follower_count=1234, following_count=2345)
    ImageCount.objects.create(user=ben, count=3456)
    texts = [text for text, _ in counts(as_ana)]
    assert texts == ["1,234 followers", "2,345 following", "3,456 images"]
