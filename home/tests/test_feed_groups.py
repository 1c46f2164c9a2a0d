"""Similar actions of one person in a row are one entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from stream.models import Action
from stream.record import create_action, retract_action
from testing.actions import MINUTE, START, make_actions, save_actions, save_ungrouped_actions
from testing.feed import entry_ids, entry_texts
from testing.markup import next_page
from testing.people import create_users, follow

FOLLOWING = "is following"
DAY = timedelta(days=1)


@pytest.fixture
def people(db: None) -> list[User]:
    return create_users(10)


def test_following_three_people_in_a_row_is_one_entry_with_all_three(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    for person in people[:3]:
        create_action(ben, FOLLOWING, person)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor is following 3 people"]
    for person in people[:3]:
        assert f'<a href="/people/{person.username}/" title="{person.username}"' in html


def test_a_verb_without_its_own_template_lists_all_targets(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    save_actions(make_actions(ben, "waved to", people[:3]))
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor waved to person02, person01, person00"]


def test_a_verb_without_targets_is_counted(as_ana: Client, ben: User) -> None:
    save_actions(Action(user=ben, verb="sang") for _ in range(3))
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor sang 3 times"]


def test_an_entry_has_the_time_of_its_newest_action(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    keys = save_actions(make_actions(ben, FOLLOWING, people[:3]))
    html = as_ana.get("/stream/").text
    assert entry_ids(html) == keys[:1]
    assert 'datetime="2026-01-01T00:02:00+00:00"' in html


def test_an_entry_holds_at_most_ten_actions(as_ana: Client, ben: User, people: list[User]) -> None:
    save_actions(make_actions(ben, FOLLOWING, people, 25))
    counts = [f"Ben Okafor is following {count} people" for count in (10, 10, 5)]
    assert entry_texts(as_ana.get("/stream/").text) == counts


@pytest.mark.parametrize(
    ("hours", "lengths"),
    [
        ([0, 24], [2]),
        ([0, 24.001], [1, 1]),
        ([0, 13, 26], [2, 1]),
        ([0, 25, 50], [1, 1, 1]),
        ([0, 1, 24.5, 25], [3, 1]),
    ],
)
def test_a_group_spans_at_most_a_day(
    as_ana: Client, ben: User, hours: list[float], lengths: list[int]
) -> None:
    for hour in hours:
        save_actions([Action(user=ben, verb="sang")], START + timedelta(hours=hour))
    times = [f"Ben Okafor sang {length} times".replace(" 1 times", "") for length in lengths]
    assert entry_texts(as_ana.get("/stream/").text) == times


@pytest.mark.parametrize(
    "other",
    [
        lambda ben, cleo: Action(user=ben, verb="likes", target=cleo),
        lambda ben, cleo: Action(user=cleo, verb="waved to", target=ben),
        lambda ben, cleo: Action(user=ben, verb="waved to", target=cleo.profile),
        lambda ben, cleo: Action(user=ben, verb="waved to"),
    ],
    ids=["verb", "person", "type of target", "no target"],
)
def test_a_different_action_in_between_splits_a_group(
    as_ana: Client, ben: User, cleo: User, other: Callable[[User, User], Action]
) -> None:
    before, after = (make_actions(ben, "waved to", [cleo, cleo]) for _ in range(2))
    keys = save_actions([*before, other(ben, cleo), *after])
    assert entry_ids(as_ana.get("/stream/").text) == [keys[0], keys[2], keys[3]]


def test_actions_of_people_who_are_not_followed_do_not_split_a_group(
    as_ana: Client, ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    follow(ana, ben)
    before = make_actions(ben, FOLLOWING, people[:2])
    after = make_actions(ben, FOLLOWING, people[2:5])
    save_actions([*before, Action(user=cleo, verb="sang"), *after])
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor is following 5 people"]


def test_a_group_at_the_end_of_a_page_is_not_split(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    singles = [Action(user=ben, verb=f"did thing {number}") for number in range(9)]
    group = make_actions(ben, FOLLOWING, people[:7])
    save_actions([Action(user=ben, verb="joined"), *group, *singles])
    first = as_ana.get("/stream/").text
    assert len(entry_ids(first)) == 10
    assert entry_texts(first)[-1] == "Ben Okafor is following 7 people"
    assert entry_texts(as_ana.get(next_page(first)).text) == ["Ben Okafor joined"]


@pytest.mark.parametrize("follows", [True, False])
def test_a_page_holds_ten_full_groups(
    as_ana: Client, ana: User, ben: User, people: list[User], follows: bool
) -> None:
    if follows:
        follow(ana, ben)
    save_actions(make_actions(ben, FOLLOWING, people, 125))
    tens = ["Ben Okafor is following 10 people"] * 10
    first = as_ana.get("/stream/").text
    assert entry_texts(first) == tens
    second = as_ana.get(next_page(first)).text
    assert entry_texts(second) == [*tens[:2], "Ben Okafor is following 5 people"]
    assert not next_page(second)


def test_retracting_an_action_keeps_the_rest_of_its_group(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    for person in people[:3]:
        create_action(ben, FOLLOWING, person)
    # This is the newest action, and its key is the id of the entry.
    retract_action(ben, FOLLOWING, people[2])
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor is following 2 people"]
    retract_action(ben, FOLLOWING, people[0])
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor is following person01"]


@pytest.mark.parametrize("gone", ["deleted", "inactive", "unknown"])
@pytest.mark.parametrize(
    ("left", "shown"),
    [(2, ["Ben Okafor is following 2 people"]), (1, ["Ben Okafor is following person00"]), (0, [])],
)
def test_an_entry_shows_only_the_targets_that_are_still_visible(
    as_ana: Client, ben: User, people: list[User], gone: str, left: int, shown: list[str]
) -> None:
    save_actions(make_actions(ben, FOLLOWING, people[:4]))
    keys = [person.pk for person in people[left:]]
    match gone:
        case "deleted":
            User.objects.filter(pk__in=keys).delete()
        case "inactive":
            User.objects.filter(pk__in=keys).update(is_active=False)
        case "unknown":
            Action.objects.filter(target_id__in=keys).update(target_id=10**9)
    response = as_ana.get("/stream/")
    assert response.status_code == 200
    assert entry_texts(response.text) == shown


def test_a_page_without_visible_entries_still_links_to_older_ones(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    keys = save_ungrouped_actions(ben, 2)
    gone = [make_actions(ben, f"waved {number} times to", people[:1])[0] for number in range(10)]
    save_actions(gone, START + 10 * MINUTE)
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    html = as_ana.get("/stream/").text
    assert not entry_ids(html)
    assert "No activity yet" not in html
    assert entry_ids(as_ana.get(next_page(html)).text) == keys


def test_an_action_about_an_uninstalled_model_is_left_out(
    as_ana: Client, admin_client: Client, ben: User, cleo: User
) -> None:
    gone = ContentType.objects.create(app_label="gone", model="thing")
    Action.objects.create(user=ben, verb="likes", target_ct=gone, target_id=5)
    create_action(ben, "is following", cleo)
    assert len(entry_ids(as_ana.get("/stream/").text)) == 1
    assert "1 action" in admin_client.get("/admin/stream/action/").text


def test_a_verb_of_maximum_length_is_shown(as_ana: Client, ben: User) -> None:
    create_action(ben, "x" * 255)
    assert len(entry_ids(as_ana.get("/stream/").text)) == 1
