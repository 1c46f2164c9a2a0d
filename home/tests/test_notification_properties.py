"""Notifications are what others did with what is the viewer's, minus what they may not see."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from images.models import Image, Like
from people.models import Contact
from stream.models import Action
from stream.notifications import PAGE_SIZE, notifications_of, unseen
from testing.actions import START
from testing.people import create_users

PEOPLE, IMAGES = 4, 3
PERSON = st.integers(0, PEOPLE - 1)
# An act, who does it, and to whom or to which of the images.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("follow", "unfollow", "like", "unlike", "save", "save again"),
                *("delete", "deactivate", "activate"),
            ]
        ),
        PERSON,
        PERSON,
    ),
    max_size=25,
)
type Told = set[tuple[str, int, int | None]]


@pytest.fixture
def people(db: None) -> list[User]:
    return create_users(PEOPLE)


def do(act: str, person: User, other: User, number: int) -> None:
    """Let a person do something, if they can."""
    image = Image.objects.order_by("pk")[number:].first()
    match act:
        case "follow" if person != other:
            Contact.objects.follow(person, other)
        case "unfollow" if person != other:
            Contact.objects.unfollow(person, other)
        case "like" if image:
            image.like(person)
        case "unlike" if image:
            image.unlike(person)
        case "save":
            Image.objects.create(
                user=person, title="A bird", image="images/a.jpg", width=1, height=1
            )
        case "save again" if image:
            image.save_again(person)
        case "delete" if image:
            image.delete()
        case "deactivate" | "activate":
            User.objects.filter(pk=person.pk).update(is_active=act == "activate")


def done_to(viewer: User) -> Told:
    """Return what active people did with what is a person's, according to other tables."""
    follows = Contact.objects.filter(user_to=viewer, user_from__is_active=True)
    likes = Like.objects.filter(image__user=viewer, user__is_active=True).exclude(user=viewer)
    saves = Image.objects.filter(via=viewer, user__is_active=True)
    told: Told = {("is following", pk, None) for pk in follows.values_list("user_from", flat=True)}
    told |= {("likes", user, image) for user, image in likes.values_list("user", "image")}
    return told | {("bookmarked image", user, pk) for user, pk in saves.values_list("user", "pk")}


def told_to(viewer: User) -> Told:
    """Return what the pages of notifications show."""
    cursor, told = "", []
    while True:
        acts = Action.objects.told(viewer).page(cursor, PAGE_SIZE)
        page = notifications_of(viewer, acts, START)
        for each in page.rows:
            told += [
                (a.verb, a.user_id, None if a.verb == "is following" else a.target_id)
                for a in each.actions
            ]
        cursor = page.next_cursor
        if not cursor:
            assert len(told) == len(set(told))
            return set(told)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS, size=st.integers(1, 5))
def test_notifications_equal_what_was_done(
    people: list[User], acts: list[tuple[str, int, int]], size: int
) -> None:
    Action.objects.all().delete()
    Image.objects.all().delete()
    Contact.objects.all().delete()
    User.objects.update(is_active=True)
    for act, who, whom in acts:
        do(act, people[who], people[whom], whom)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stream.notifications.PAGE_SIZE", size)
        for viewer in User.objects.filter(is_active=True):
            done = done_to(viewer)
            assert told_to(viewer) == done
            assert len(unseen(viewer, START)) == len(done)
            assert not unseen(viewer, timezone.now())
