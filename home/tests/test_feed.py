"""The home feed: the actions it shows."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.deactivation import deactivate
from people.models import Profile
from stream.feed import Feed, Source
from stream.models import Action
from stream.record import create_action, retract_action
from testing.actions import MINUTE, START, save_actions, save_ungrouped_actions
from testing.feed import entry_ids, entry_texts
from testing.markup import next_page
from testing.people import count_image, create_users, follow


def test_the_feed_shows_actions_of_followed_people(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, ben)
    save_ungrouped_actions(cleo, 1)
    save_ungrouped_actions(ana, 1)
    bens = save_ungrouped_actions(ben, 2)
    assert entry_ids(as_ana.get("/stream/").text) == bens


def test_without_following_anyone_the_feed_shows_all_other_people(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    save_ungrouped_actions(ana, 1)
    create_action(cleo, "is following", ben)
    assert entry_texts(as_ana.get("/stream/").text) == ["cleo is following Ben Okafor"]


@pytest.mark.parametrize("follows", [True, False])
def test_without_following_anyone_active_the_feed_shows_everyone_and_suggestions(
    as_ana: Client, ana: User, ben: User, cleo: User, follows: bool
) -> None:
    dora = User.objects.create_user("dora")
    if follows:
        follow(ana, ben)
        deactivate([ben])
    follow(dora, cleo)
    count_image(cleo)
    keys = save_ungrouped_actions(cleo, 11)
    html = as_ana.get("/stream/").text
    assert entry_ids(html) == keys[:10]
    assert "You are not following anyone yet" in html
    suggestions = html[html.index('class="suggestions"') : html.index("</section>")]
    assert 'href="/people/cleo/"' in suggestions
    assert 'action="/people/cleo/follow/"' in suggestions
    assert 'value="follow"' in suggestions
    assert 'class="suggestions"' not in as_ana.get(next_page(html)).text


def test_people_who_follow_someone_get_no_suggestions(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ben, cleo)
    follow(ana, ben)
    html = as_ana.get("/stream/").text
    assert 'class="suggestions"' not in html
    assert "You are not following anyone yet" not in html
    assert "No activity yet" in html


def test_retracted_actions_are_not_shown(as_ana: Client, ben: User, cleo: User) -> None:
    create_action(cleo, "is following", ben)
    assert len(entry_ids(as_ana.get("/stream/").text)) == 1
    retract_action(cleo, "is following", ben)
    html = as_ana.get("/stream/").text
    assert not entry_ids(html)
    assert "No activity yet" in html


@pytest.mark.parametrize("gone", ["actor", "target"])
@pytest.mark.parametrize("deleted", [True, False])
def test_actions_about_deleted_or_inactive_people_are_not_shown(
    as_ana: Client, ben: User, cleo: User, gone: str, deleted: bool
) -> None:
    create_action(cleo, "is following", ben)
    person = cleo if gone == "actor" else ben
    if deleted:
        person.delete()
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert not entry_ids(as_ana.get("/stream/").text)


@pytest.mark.parametrize("follows", [True, False])
def test_inactive_people_take_up_no_room_on_a_page(
    as_ana: Client, ana: User, ben: User, cleo: User, follows: bool
) -> None:
    if follows:
        follow(ana, ben)
        follow(ana, cleo)
    keys = save_ungrouped_actions(ben, 10)
    save_actions((Action(user=cleo, verb=f"sang {n}") for n in range(50)), START + 60 * MINUTE)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert entry_ids(as_ana.get("/stream/").text) == keys


def test_a_person_deactivated_while_a_page_is_made_is_not_shown(ben: User, cleo: User) -> None:
    create_action(ben, "sang")
    # At this point the actions of the page have been selected.
    User.objects.filter(pk=ben.pk).update(is_active=False)
    source = Source(lambda actions, limit: actions.newest()[:limit])
    assert not Feed(cleo, [source]).page("").rows


@pytest.mark.parametrize("number", [1, 2])
def test_the_one_of_several_who_is_not_gone_is_named(
    as_ana: Client, ana: User, cleo: User, number: int
) -> None:
    gone = create_users(number)
    for person in (gone[0], cleo, *gone[1:]):
        create_action(person, "is following", ana, recipient=ana)
    # As if they were deleted while the page is made.
    Profile.objects.filter(user__in=gone).delete()
    html = as_ana.get("/stream/").text
    assert set(entry_texts(html)) <= {"cleo is following Ana Silva"}
    assert as_ana.get("/notifications/").status_code == 200


def test_times_are_readable_by_people_and_machines(as_ana: Client, ben: User) -> None:
    save_ungrouped_actions(ben, 1)
    html = as_ana.get("/stream/").text
    assert re.search(r'<time datetime="2026-01-01T00:00:00\+00:00">[^<]+ ago</time>', html)
