"""Many presses of one like button at the same time."""

from collections.abc import Callable
from functools import partial
from random import Random
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from images.models import Image, Like
from people.tests.threads import at_once
from stream.models import Action

pytestmark = pytest.mark.django_db(transaction=True)


def test_100_likes_at_once_leave_one_row_and_one_entry(
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
    assert vars(Image.objects.for_reader(ana).get())["like_count"] == rows
    assert Action.objects.filter(verb="likes").count() == rows


def test_a_like_in_the_middle_of_an_unlike_keeps_its_entry(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben)
    in_the_middle, liked = Event(), Event()

    def pause(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if "images_like" in sql and not in_the_middle.is_set():
            in_the_middle.set()
            # Who likes has to wait themselves, until the unlike is done.
            liked.wait(1)
        return result

    def unlike() -> bool:
        with connection.execute_wrapper(pause):
            return image.unlike(ana)

    def like() -> bool:
        in_the_middle.wait()
        image.like(ana)
        liked.set()
        return True

    at_once([unlike, like], threads=2)
    assert Like.objects.count() == 1
    assert Action.objects.of(ana, "likes", image).count() == 1
