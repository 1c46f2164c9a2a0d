"""Many clicks on one button at the same time."""

from random import Random

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Contact, Profile
from stream.models import Action
from testing.threads import at_once
from testing.waiting import second_waits

pytestmark = pytest.mark.django_db(transaction=True)


def follower_count(viewer: User, user: User) -> int:
    person = Profile.objects.for_viewer(viewer).get(user=user)
    return int(vars(person)["follower_count"])


def test_100_identical_follows_leave_one_row_and_no_error(ana: User, ben: User) -> None:
    results = at_once([lambda: Contact.objects.follow(ana, ben)] * 100, threads=100)
    assert sorted(results) == [False] * 99 + [True]
    assert Contact.objects.count() == 1
    assert Action.objects.of(ana, "is following", ben).count() == 1


@pytest.mark.parametrize("seed", range(3))
def test_follow_and_unfollow_at_once_leave_a_count_equal_to_the_rows(
    ana: User, ben: User, cleo: User, seed: int
) -> None:
    presses = [(person, verb) for person in (ana, cleo) for verb in ("follow", "unfollow")] * 15
    Random(seed).shuffle(presses)
    at_once([lambda p=p, v=v: getattr(Contact.objects, v)(p, ben) for p, v in presses])  # type: ignore[misc]
    rows = Contact.objects.filter(user_to=ben).count()
    assert follower_count(ana, ben) == rows
    assert Action.objects.filter(verb="is following").count() == rows


def test_a_follow_during_an_unfollow_waits_and_keeps_its_action(ana: User, ben: User) -> None:
    assert second_waits(
        lambda: Contact.objects.unfollow(ana, ben),
        lambda: Contact.objects.follow(ana, ben),
        pause='"people_contact"',
    )
    assert Contact.objects.count() == Action.objects.count() == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(presses=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.booleans())))
def test_the_last_click_wins_in_any_order(
    ana: User, ben: User, cleo: User, presses: list[tuple[str, str, bool]]
) -> None:
    Contact.objects.all().delete()
    Action.objects.all().delete()
    people = {"a": ana, "b": ben, "c": cleo}
    last = {}
    for follower, followed, follows in presses:
        if follower != followed:
            verb = Contact.objects.follow if follows else Contact.objects.unfollow
            verb(people[follower], people[followed])
            last[follower, followed] = follows
    remaining = {pair for pair, follows in last.items() if follows}
    assert Contact.objects.count() == Action.objects.count() == len(remaining)
    for name, person in people.items():
        assert follower_count(ana, person) == sum(followed == name for _, followed in remaining)
