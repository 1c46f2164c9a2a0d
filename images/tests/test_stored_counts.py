"""Stored counts are those of the rows of active people, whatever was done before."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from images.files import ImageFile
from images.models import Image, Like
from people import counts
from people.deactivation import deactivate, reactivate
from people.models import Contact
from testing.stored_counts import expected_counts, stored_counts

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("ana", "ben", "cleo", "dora")

type Step = tuple[str, str, str]


def person(name: str) -> User | None:
    return User.objects.filter(username=name).first()


def image(name: str) -> Image | None:
    """Return the newest image of a person."""
    return Image.objects.filter(user__username=name).first()


def on_people(verb: Callable[[User, User], object]) -> Callable[[str, str], object]:
    def act(one: str, other: str) -> object:
        pair = person(one), person(other)
        return pair[0] and pair[1] and one != other and verb(pair[0], pair[1])

    return act


def on_image(verb: Callable[[Image, User], object]) -> Callable[[str, str], object]:
    def act(one: str, other: str) -> object:
        user, liked = person(one), image(other)
        return user and liked and verb(liked, user)

    return act


def save_image(one: str, _: str) -> None:
    if user := person(one):
        title = f"Image {Image.objects.count()} of {one}"
        Image.objects.bookmark(user, ImageFile.objects.get(), title=title)


def delete_image(one: str, _: str) -> None:
    if saved := image(one):
        saved.delete()


STEPS: dict[str, Callable[[str, str], object]] = {
    "follow": on_people(Contact.objects.follow),
    "unfollow": on_people(Contact.objects.unfollow),
    "like": on_image(Image.like),
    "unlike": on_image(Image.unlike),
    "add follow": on_people(lambda one, other: one.following.add(other)),  # type: ignore[attr-defined]
    "remove follow": on_people(lambda one, other: one.following.remove(other)),  # type: ignore[attr-defined]
    "add like": on_image(lambda image, user: image.users_like.add(user)),
    "create like": on_image(lambda image, user: image.likes.get_or_create(user=user)),
    "save": save_image,
    "delete image": delete_image,
    "delete images": lambda one, _: Image.objects.filter(user__username=one).delete(),
    "delete follows": lambda one, _: Contact.objects.filter(user_from__username=one).delete(),
    "delete followers": lambda one, _: Contact.objects.filter(user_to__username=one).delete(),
    "delete likes": lambda one, _: Like.objects.filter(user__username=one).delete(),
    "deactivate": on_people(lambda one, _: deactivate([one])),
    "reactivate": on_people(lambda one, _: reactivate([one])),
    "delete person": on_people(lambda one, _: one.delete()),
}
# Deletions are rarer, so that there are rows to count.
COMMON = ("follow", "unfollow", "like", "unlike", "deactivate", "reactivate")


@settings(
    max_examples=20,
    deadline=None,
    # Finding a shorter list of steps takes minutes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([*COMMON, *COMMON, *STEPS]),
            st.sampled_from(NAMES),
            st.sampled_from(NAMES),
        ),
        min_size=15,
        max_size=40,
    )
)
def test_counts_match_their_rows_after_any_sequence_of_steps(
    ana: User,
    bookmark: Callable[..., Image],
    monkeypatch: pytest.MonkeyPatch,
    steps: list[Step],
) -> None:
    monkeypatch.setattr(counts, "BATCH", 2)
    User.objects.all().delete()
    people = [User.objects.create_user(name) for name in NAMES]
    for user in people:
        bookmark(user, title=f"Image of {user}")
        Contact.objects.follow(user, people[user == people[0]])
    for step, one, other in steps:
        STEPS[step](one, other)
        assert stored_counts() == expected_counts(), step
