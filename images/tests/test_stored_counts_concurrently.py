"""People press buttons while one of them is deactivated and reactivated, again and again."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from django.contrib.auth.models import User

from images.models import Image, Like
from people import counts
from people.deactivation import deactivate, reactivate
from people.models import Contact, Profile
from testing.people import create_users
from testing.stored_counts import expected_counts, stored_counts
from testing.threads import at_once
from testing.waiting import second_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", range(3))
def test_presses_during_deactivations_leave_exact_counts(
    ana: User, ben: User, bookmark: Callable[..., Image], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(counts, "BATCH", 2)
    people = [ana, ben, *create_users(4)]
    images = [bookmark(user, title=f"Image of {user}") for user in (ana, ben)]
    presses: list[Callable[[], object]] = [
        *(partial(verb, [ana]) for verb in (deactivate, reactivate) * 8),
        *(
            partial(getattr(Contact.objects, verb), *pair)
            for one in people
            for pair in ((ana, one), (one, ana), (ben, one))
            if pair[0] != pair[1]
            for verb in ("follow", "unfollow", "follow")
        ),
        *(
            partial(getattr(image, verb), one)
            for one in people
            for image in images
            for verb in ("like", "unlike", "like")
        ),
    ]
    Random(seed).shuffle(presses)
    at_once([lambda press=press: bool(press()) for press in presses])  # type: ignore[misc]
    assert stored_counts() == expected_counts()


def test_a_follow_and_a_deactivation_lock_profiles_in_the_same_order(ana: User, ben: User) -> None:
    cleo = User.objects.create_user("cleo")
    for followed in (ana, ben):
        Contact.objects.follow(cleo, followed)
    # Profiles need not be in the order of their users: those made in bulk get theirs later.
    profile = ana.profile
    profile.delete()
    Profile.objects.create(user=ana, username_skeleton=profile.username_skeleton, follower_count=1)
    assert ana.pk < ben.pk
    assert Profile.objects.get(user=ana).pk > ben.profile.pk
    second_waits(
        lambda: Contact.objects.follow(ana, ben),
        lambda: deactivate([cleo]),
        pause='"people_profile"',
    )
    assert stored_counts() == expected_counts()


def test_a_follow_during_a_deactivation_waits_for_its_batch(ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    cleo = User.objects.create_user("cleo")
    ana.is_active = False
    assert second_waits(
        lambda: ana.save(update_fields=["is_active"]),
        lambda: Contact.objects.follow(ana, cleo),
        pause='"people_contact"',
    )
    assert Profile.objects.get(user=cleo).follower_count == 0
    assert stored_counts() == expected_counts()


@pytest.mark.parametrize("other", [Contact.objects.unfollow, Contact.objects.follow])
def test_a_press_during_a_deletion_of_follows_waits(
    ana: User, ben: User, other: Callable[[User, User], bool]
) -> None:
    Contact.objects.follow(ana, ben)
    assert second_waits(
        lambda: Contact.objects.filter(user_from=ana).delete(),
        lambda: other(ana, ben),
        pause="COUNT(",
    )
    assert stored_counts() == expected_counts()


def test_likes_that_are_deleted_twice_at_once_are_subtracted_once(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    image.like(ana)
    image.like(ben)
    assert second_waits(
        lambda: Like.objects.filter(user=ben).delete(),
        lambda: image.users_like.remove(ben),
        pause='UPDATE "images_image"',
    )
    assert stored_counts() == expected_counts()


def test_an_unlike_and_a_deletion_of_the_like_subtract_it_once(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    image.like(ana)
    image.like(ben)
    assert second_waits(
        lambda: image.unlike(ben),
        lambda: image.users_like.remove(ben),
        pause='UPDATE "images_image"',
    )
    assert stored_counts() == expected_counts()


ADDITIONS: list[Callable[[Image, User], object]] = [
    lambda image, user: image.users_like.add(user),
    lambda image, user: image.likes.get_or_create(user=user),
]


@pytest.mark.parametrize("add", ADDITIONS, ids=["add", "get_or_create"])
def test_a_deactivation_waits_for_a_like_that_is_added(
    ana: User, ben: User, bookmark: Callable[..., Image], add: Callable[[Image, User], object]
) -> None:
    image = bookmark(ana)
    assert second_waits(
        lambda: add(image, ben), lambda: deactivate([ben]), pause='INSERT INTO "images_like"'
    )
    assert stored_counts() == expected_counts()


@pytest.mark.parametrize("add", ADDITIONS, ids=["add", "get_or_create"])
def test_the_deletion_of_an_image_waits_for_a_like_that_is_added(
    ana: User, ben: User, bookmark: Callable[..., Image], add: Callable[[Image, User], object]
) -> None:
    image = bookmark(ana)
    assert second_waits(lambda: add(image, ben), image.delete, pause='INSERT INTO "images_like"')
    assert not Like.objects.exists()
    assert stored_counts() == expected_counts()
