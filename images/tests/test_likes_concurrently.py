"""Many clicks on one like button at the same time."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from django.contrib.auth.models import User

from images.models import Image, Like
from stream.models import Action
from stream.record import DeletedError
from testing.threads import at_once
from testing.waiting import second_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_100_likes_at_once_leave_one_row_and_one_action(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben)
    results = at_once([lambda: image.like(ana)] * 100, threads=100)
    assert sorted(results) == [False] * 99 + [True]
    assert Like.objects.count() == 1
    assert Action.objects.of(ana, "likes", image).count() == 1


def test_likes_and_unlikes_at_once_leave_a_count_equal_to_the_rows(
    ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben)
    presses = [(user, verb) for user in (ana, cleo) for verb in (image.like, image.unlike)] * 15
    Random(1).shuffle(presses)
    at_once([partial(verb, user) for user, verb in presses])
    rows = Like.objects.count()
    assert vars(Image.objects.for_viewer(ana).get())["like_count"] == rows
    assert Action.objects.filter(verb="likes").count() == rows


def test_a_like_during_an_unlike_waits_and_keeps_its_action(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben)
    assert second_waits(lambda: image.unlike(ana), lambda: image.like(ana), pause='"images_like"')
    assert Like.objects.count() == 1
    assert Action.objects.of(ana, "likes", image).count() == 1


@pytest.mark.parametrize("verb", [Image.like, Image.unlike])
def test_a_press_during_a_deletion_waits_and_finds_no_image(
    ana: User, ben: User, bookmark: Callable[..., Image], verb: Callable[[Image, User], bool]
) -> None:
    image = bookmark(ben)

    def press() -> None:
        with pytest.raises(DeletedError):
            verb(image, ana)

    assert second_waits(Image.objects.get().delete, press, pause='"images_like"')
    assert not Like.objects.exists()
    assert not Action.objects.exists()


def test_deleting_a_person_and_their_image_at_once_is_no_deadlock(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    image.like(ben)
    second_waits(ana.delete, image.delete, pause='DELETE FROM "stream_action"')
    assert not Image.objects.exists()


def test_deleting_two_people_who_like_each_others_images_at_once_is_no_deadlock(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(ana, "Hers", "teal").like(ben)
    bookmark(ben, "His", "navy").like(ana)
    assert second_waits(ana.delete, ben.delete, pause='UPDATE "images_image"')
    assert not Image.objects.exists()
