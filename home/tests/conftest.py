"""What pages have to show, and people who are deleted."""

from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from django.contrib.auth.models import User

from images.models import Image
from people.models import Contact
from testing.people import create_users


@pytest.fixture
def image(ana: User, ben: User, bookmark: Callable[..., Image]) -> Image:
    """An image of Ben, whom Ana follows."""
    Contact.objects.follow(ana, ben)
    return bookmark(ben, "A bird")


@pytest.fixture
def add_rows(ben: User, image: Image, bookmark: Callable[..., Image]) -> Callable[[int], None]:
    """Let more people follow Ben and be followed by him, like his image, and one saved for them."""
    people: Iterator[User] = iter(create_users(20))

    def add_rows(count: int) -> None:
        for person in islice(people, count):
            Contact.objects.follow(person, ben)
            Contact.objects.follow(ben, person)
            image.like(person)
            bookmark(ben, f"For {person}").like(person)

    return add_rows


@pytest.fixture
def town(ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]) -> list[Image]:
    """Let everyone follow Ana and each other, and like all images. Return the images."""
    images = [bookmark(ana, f"Mine {colour}", colour) for colour in ("teal", "navy", "gold")]
    images.append(bookmark(ben, "Ben's"))
    people = [ana, ben, cleo]
    for one in people:
        for other in people:
            if one != other:
                Contact.objects.follow(one, other)
        for image in images:
            image.like(one)
    return images
