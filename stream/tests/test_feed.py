"""The home feed: whose actions it shows, and how."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.test import Client

from stream.models import Action
from stream.record import create_action, retract_action
from stream.tests.feed import entries, follow, record


def test_it_shows_what_the_people_i_follow_did(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, ben)
    record(cleo, 1)
    record(ana, 1)
    bens = record(ben, 2)
    assert entries(as_ana.get("/stream/").text) == bens


def test_it_shows_what_everybody_did_while_i_follow_nobody_but_never_my_own(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    record(ana, 1)
    create_action(cleo, "is following", ben)
    html = as_ana.get("/stream/").text
    assert len(entries(html)) == 1
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "cleo is following Ben Okafor now" in text


def test_somebody_who_follows_inactive_people_alone_sees_what_everybody_did(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, ben)
    record(cleo, 1)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    html = as_ana.get("/stream/").text
    assert len(entries(html)) == 1
    assert "You follow nobody yet" in html


def test_what_is_withdrawn_vanishes(as_ana: Client, ben: User, cleo: User) -> None:
    create_action(cleo, "is following", ben)
    assert len(entries(as_ana.get("/stream/").text)) == 1
    retract_action(cleo, "is following", ben)
    html = as_ana.get("/stream/").text
    assert not entries(html)
    assert "Nothing has happened here yet" in html


@pytest.mark.parametrize("gone", ["actor", "target"])
@pytest.mark.parametrize("deleted", [True, False])
def test_what_concerns_a_deleted_or_inactive_person_is_not_shown(
    as_ana: Client, ben: User, cleo: User, gone: str, deleted: bool
) -> None:
    create_action(cleo, "is following", ben)
    person = cleo if gone == "actor" else ben
    if deleted:
        person.delete()
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert not entries(as_ana.get("/stream/").text)


def test_an_entry_whose_target_is_gone_does_no_harm(as_ana: Client, ben: User, cleo: User) -> None:
    create_action(cleo, "is following", ben)
    Action.objects.update(target_id=10**9)
    create_action(cleo, "likes", ben.profile)
    response = as_ana.get("/stream/")
    assert response.status_code == 200
    assert len(entries(response.text)) == 1


def test_a_page_costs_the_same_queries_whatever_is_in_it(
    as_ana: Client,
    ana: User,
    ben: User,
    cleo: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    people = [User.objects.create_user(f"person{number}") for number in range(12)]
    follow(ana, ben)
    create_action(ben, "is following", people[0])
    as_ana.get("/stream/")
    # Session, reader, whether they follow anybody, actions with who acted; targets, their profiles.
    with django_assert_num_queries(6):
        as_ana.get("/stream/")
    for person in people:
        follow(ana, person)
        create_action(person, "is following", ben)
        create_action(person, "has created an account")
    with django_assert_num_queries(6):
        assert len(entries(as_ana.get("/stream/").text)) == 10


def test_times_are_told_to_people_and_to_machines(as_ana: Client, ben: User) -> None:
    record(ben, 1)
    html = as_ana.get("/stream/").text
    assert re.search(r'<time datetime="2026-01-01T00:00:00\+00:00">[^<]+ ago</time>', html)
