"""Actions of a feed are grouped by day, thing and sitting, each in exactly one group."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.feed import PAGE_SIZE
from stream.grouping import PAUSE, grouped, is_about_people, target_of, thing_of
from stream.models import Action
from testing.actions import START

pytestmark = pytest.mark.django_db
# Who, which verb, which target, what it is about, and minutes since the action before it.
ACTS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["saved", "likes", "is following", "sang"]),
        st.integers(1, 4),
        st.none() | st.integers(1, 4),
        st.sampled_from([0, 1, 59, 61, 600]),
    ),
    max_size=60,
)
given_acts = given(acts=ACTS)
quick = settings(max_examples=200, deadline=None)
type Act = tuple[int, str, int, int | None, int]


def actions_of(acts: list[Act]) -> list[Action]:
    """Return unsaved actions, newest first; those of one verb are about people."""
    things, people = (ContentType.objects.get_for_model(model) for model in (Action, User))
    created, actions = START, []
    for pk, (user, verb, target, about, minutes) in enumerate(acts, start=1):
        created += timedelta(minutes=minutes)
        action = Action(pk=pk, user_id=user, verb=verb, created=created)
        if verb != "sang":
            action.target_ct = people if verb == "is following" else things
            action.target_id = target
        if verb == "likes" and about:
            action.about_ct, action.about_id = things, about
        actions.append(action)
    return actions[::-1]


def continues(action: Action, actions: list[Action]) -> bool:
    """Return whether one of these was done to the same target by the same person before."""
    return any(
        (other.user_id, target_of(other)) == (action.user_id, target_of(action))
        and other.pk < action.pk
        for other in actions
    )


@quick
@given_acts
def test_each_action_is_in_one_group_and_all_are_newest_first(acts: list[Act]) -> None:
    actions = actions_of(acts)
    groups = grouped(actions)
    assert sorted(action.pk for group in groups for action in group) == sorted(
        action.pk for action in actions
    )
    places = {action.pk: place for place, action in enumerate(actions)}
    for rows in (*groups, [group[0] for group in groups]):
        assert all(places[newer.pk] < places[older.pk] for newer, older in pairwise(rows))


@quick
@given_acts
def test_a_group_is_of_one_day_and_of_one_person_thing_or_kind(acts: list[Act]) -> None:
    for group in grouped(actions_of(acts)):
        assert len({timezone.localdate(action.created) for action in group}) == 1
        is_of_a_kind = len({action.verb for action in group}) == 1
        if group[0].target_id is None or is_about_people(group[0]):
            assert is_of_a_kind
        elif len({action.user_id for action in group}) > 1:
            assert len({thing_of(action) for action in group}) == 1
        else:
            own = [action for action in group if not continues(action, group)]
            assert len({action.verb for action in own}) == 1
            assert all(newer.created - older.created <= PAUSE for newer, older in pairwise(group))


@quick
@given_acts
def test_what_several_people_did_to_a_thing_in_a_day_is_one_group(acts: list[Act]) -> None:
    actions = actions_of(acts)
    places: dict[int, int] = {}
    for number, group in enumerate(grouped(actions)):
        places |= {action.pk: number for action in group}
    by_thing = defaultdict(list)
    for action in actions:
        if target_of(action) != (None, None) and not is_about_people(action):
            by_thing[timezone.localdate(action.created), thing_of(action)].append(action)
    for same in by_thing.values():
        if len({action.user_id for action in same}) > 1:
            assert len({places[action.pk] for action in same}) == 1


@quick
@given_acts
def test_what_a_person_does_to_a_thing_soon_after_their_first_act_is_in_its_group(
    acts: list[Act],
) -> None:
    groups = grouped(actions_of(acts))
    of_things = [group for group in groups if not is_about_people(group[0]) and group[0].target_id]
    first: dict[object, tuple[int, Action]] = {}
    for number, group in enumerate(of_things):
        for action in group:
            key = timezone.localdate(action.created), action.user_id, target_of(action)
            if key not in first or action.pk < first[key][1].pk:
                first[key] = number, action
    for number, group in enumerate(of_things):
        for action in group:
            key = timezone.localdate(action.created), action.user_id, target_of(action)
            place, began = first[key]
            if len({other.user_id for other in (*group, *of_things[place])}) == 1:
                assert place == number or action.created - began.created > PAUSE


@quick
@given_acts
def test_a_page_takes_actions_from_the_newest_on_that_fit_its_groups(acts: list[Act]) -> None:
    actions = actions_of(acts)
    groups = grouped(actions, PAGE_SIZE)
    assert len(groups) == min(len(grouped(actions)), PAGE_SIZE)
    keys = sorted((action.pk for group in groups for action in group), reverse=True)
    assert keys == [action.pk for action in actions[: len(keys)]]
