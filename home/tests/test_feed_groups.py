"""Similar actions of one day are one entry."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from stream.models import Action
from stream.record import create_action, retract_action
from testing.actions import MINUTE, START, make_actions, save_actions, save_ungrouped_actions
from testing.feed import entry_ids, entry_texts
from testing.markup import has, next_page
from testing.people import create_users, follow

FOLLOWING = "is following"


@pytest.fixture
def people(db: None) -> list[User]:
    return create_users(10)


def at(hour: float) -> datetime:
    """Return a time on one local day."""
    midnight = timezone.localtime(START).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


def test_following_three_people_is_one_entry_with_all_three(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    for person in people[:3]:
        create_action(ben, FOLLOWING, person)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor is following 3 people"]
    for person in people[:3]:
        assert has(html, f'.people-row a[href="/people/{person.username}/"]')
        assert has(html, f'form[action="/people/{person.username}/follow/"]')


def test_all_follows_of_a_day_are_one_entry(
    as_ana: Client, ben: User, cleo: User, people: list[User]
) -> None:
    for hour, person in ((1, ben), (9, cleo), (9.5, people[9]), (20, ben)):
        save_actions(make_actions(person, FOLLOWING, people[:2]), at(hour))
        save_actions([Action(user=person, verb=f"sang at {hour}")], at(hour))
    save_actions(make_actions(ben, FOLLOWING, people[:1]), at(25))
    texts = entry_texts(as_ana.get("/stream/").text)
    assert [text for text in texts if "following" in text] == [
        "Ben Okafor is following person00",
        "Ben Okafor, person09 and 1 other are following 2 people",
    ]


def test_more_people_than_an_entry_shows_are_counted(as_ana: Client, ben: User) -> None:
    save_actions(make_actions(ben, FOLLOWING, create_users(25)))
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor is following 25 people"]
    assert html.count('class="people-row__person"') == 4
    assert "and 21 more" in html


def test_new_members_of_a_day_are_one_entry(as_ana: Client, ben: User, cleo: User) -> None:
    save_actions((Action(user=user, verb="has created an account") for user in (ben, cleo)), at(3))
    assert entry_texts(as_ana.get("/stream/").text) == ["cleo and Ben Okafor have created accounts"]


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


@pytest.mark.parametrize(
    ("hours", "lengths"),
    [
        ([1, 1.5, 2.5], [3]),
        ([1, 2.1], [1, 1]),
        ([1, 2, 5, 6, 7], [3, 2]),
        ([23.9, 24.1], [1, 1]),
    ],
)
def test_a_sitting_ends_with_an_hours_pause_or_the_day(
    as_ana: Client, ben: User, people: list[User], hours: list[float], lengths: list[int]
) -> None:
    for hour, person in zip(hours, people, strict=False):
        # Their profiles, as acts about people are grouped by day.
        save_actions(make_actions(ben, "praised", [person.profile]), at(hour))
    counts = [text.count(",") + 1 for text in entry_texts(as_ana.get("/stream/").text)]
    assert counts == lengths


def test_a_different_action_in_between_does_not_split_a_group(
    as_ana: Client, ben: User, cleo: User, people: list[User]
) -> None:
    before, after = (make_actions(ben, FOLLOWING, pair) for pair in (people[:2], people[2:4]))
    keys = save_actions([*before, Action(user=cleo, verb="sang"), *after])
    assert entry_ids(as_ana.get("/stream/").text) == [keys[0], keys[2]]


def test_actions_of_people_who_are_not_followed_do_not_split_a_group(
    as_ana: Client, ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    follow(ana, ben)
    before = make_actions(ben, FOLLOWING, people[:2])
    after = make_actions(ben, FOLLOWING, people[2:5])
    save_actions([*before, Action(user=cleo, verb="sang"), *after])
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor is following 5 people"]


def test_a_page_ends_before_its_eleventh_entry(
    as_ana: Client, ben: User, people: list[User]
) -> None:
    singles = [Action(user=ben, verb=f"did thing {number}") for number in range(9)]
    group = make_actions(ben, FOLLOWING, people[:7])
    save_actions([*group[:3], Action(user=ben, verb="joined"), *group[3:], *singles])
    first = as_ana.get("/stream/").text
    assert len(entry_ids(first)) == 10
    assert entry_texts(first)[-1] == "Ben Okafor is following 4 people"
    second = as_ana.get(next_page(first)).text
    assert entry_texts(second) == ["Ben Okafor joined", "Ben Okafor is following 3 people"]


@pytest.mark.parametrize(("follows", "limit"), [(True, 100), (False, 500)])
def test_a_page_reads_a_bounded_number_of_actions(
    as_ana: Client, ana: User, ben: User, people: list[User], follows: bool, limit: int
) -> None:
    if follows:
        follow(ana, ben)
    save_actions((Action(user=ben, verb="sang") for _ in range(limit + 5)), START, MINUTE / 60)
    first = as_ana.get("/stream/").text
    assert entry_texts(first) == [f"Ben Okafor sang {limit} times"]
    second = as_ana.get(next_page(first)).text
    assert entry_texts(second) == ["Ben Okafor sang 5 times"]
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
