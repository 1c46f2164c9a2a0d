"""Likes and follows that were loaded earlier keep the counts exact."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from images.models import Image, Like
from people.deactivation import deactivate, reactivate
from people.models import Contact
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(ana: User, ben: User, bookmark: Callable[..., Image]) -> Image:
    """Return an image that Ana and Ben like."""
    image = bookmark(ana)
    image.like(ana)
    image.like(ben)
    return image


def test_a_like_that_is_deleted_twice_is_subtracted_once(image: Image, ben: User) -> None:
    for like in [Like.objects.get(user=ben) for _ in range(2)]:
        like.delete()
    assert stored_counts() == expected_counts() == {**stored_counts(), image.title: (1,)}


@pytest.mark.parametrize("change", [Like.save, Like.delete])
def test_a_like_that_was_loaded_before_a_deactivation_can_be_changed(
    image: Image, ben: User, change: Callable[[Like], object]
) -> None:
    like = Like.objects.get(user=ben)
    deactivate([ben])
    change(like)
    assert stored_counts() == expected_counts()
    reactivate([ben])
    assert stored_counts() == expected_counts()


def test_a_like_of_a_user_who_was_loaded_before_a_deactivation_is_not_counted(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    deactivate([User.objects.get(pk=ben.pk)])
    image.likes.get_or_create(user=ben)
    assert stored_counts() == expected_counts()


@pytest.mark.parametrize("fields", [None, ["image"]])
def test_a_like_cannot_move_to_another_image(
    image: Image, ben: User, bookmark: Callable[..., Image], fields: list[str] | None
) -> None:
    like = Like.objects.get(user=ben)
    like.image = bookmark(ben, title="Other")
    with pytest.raises(ValueError, match="changed"):
        like.save(update_fields=fields)
    assert stored_counts() == expected_counts()


def test_a_follow_cannot_move_to_another_person(ana: User, ben: User, cleo: User) -> None:
    Contact.objects.follow(ana, ben)
    contact = Contact.objects.get()
    contact.user_to = cleo
    with pytest.raises(ValueError, match="changed"):
        contact.save()
    assert stored_counts() == expected_counts()
