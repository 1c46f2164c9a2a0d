"""People choose whose acts they are told of, and the choice holds from then on."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people.models import Contact, Profile
from people.models.told import KINDS
from stream.models import Action
from testing.feed import HTMX
from testing.markup import has

URL = "/settings/notifications/"
EVERYONE = dict.fromkeys(KINDS, "everyone")
ACTS = {"told_of_follows": "is following", "told_of_likes": "likes"}
ACTS |= {"told_of_saves": "bookmarked image"}


@pytest.fixture
def image(ana: User, bookmark: Callable[..., Image]) -> Image:
    return bookmark(ana, "A bird")


def act(person: User, image: Image) -> None:
    """Let a person do all that the owner of an image can be told of."""
    Contact.objects.follow(person, image.user)
    image.like(person)
    image.save_again(person)


def told(of: User, by: User) -> set[str]:
    return set(Action.objects.told(of).filter(user=by).values_list("verb", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_can_be_off(as_ana: Client, ana: User, ben: User, image: Image, kind: str) -> None:
    assert as_ana.post(URL, EVERYONE | {kind: "nobody"}).status_code == 303
    act(ben, image)
    assert told(ana, by=ben) == {*ACTS.values()} - {ACTS[kind]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_can_be_of_those_only_whom_the_person_follows(
    as_ana: Client, ana: User, ben: User, cleo: User, image: Image, kind: str
) -> None:
    as_ana.post(URL, EVERYONE | {kind: "followed"})
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(cleo, ben)
    for person in (ben, cleo):
        act(person, image)
    assert told(ana, by=ben) == {*ACTS.values()}
    assert told(ana, by=cleo) == {*ACTS.values()} - {ACTS[kind]}


def test_a_choice_changes_nothing_about_what_was_before(
    as_ana: Client, ana: User, ben: User, cleo: User, image: Image
) -> None:
    act(ben, image)
    as_ana.post(URL, dict.fromkeys(KINDS, "nobody"))
    act(cleo, image)
    as_ana.post(URL, EVERYONE)
    assert told(ana, by=ben) == {*ACTS.values()}
    assert told(ana, by=cleo) == set()


def test_the_act_itself_is_recorded_for_feeds(
    as_ana: Client, ana: User, ben: User, image: Image
) -> None:
    as_ana.post(URL, dict.fromkeys(KINDS, "nobody"))
    act(ben, image)
    assert image.likes.filter(user=ben).exists()
    assert set(ben.actions.values_list("verb", flat=True)) == {*ACTS.values()}


def test_everyone_is_told_of_everything_at_first(ana: User, ben: User, image: Image) -> None:
    act(ben, image)
    assert told(ana, by=ben) == {*ACTS.values()}


def test_the_page_shows_what_was_chosen(as_ana: Client) -> None:
    response = as_ana.post(URL, EVERYONE | {"told_of_saves": "followed"}, follow=True)
    assert response.redirect_chain == [("/settings/", 303)]
    html = response.text
    assert has(html, 'select[name="told_of_saves"] option[value="followed"][selected]')
    assert has(html, 'select[name="told_of_likes"] option[value="everyone"][selected]')


def test_an_unknown_choice_is_refused(as_ana: Client) -> None:
    for headers in ({}, HTMX):
        response = as_ana.post(URL, EVERYONE | {"told_of_likes": "ben"}, headers=headers)
        assert response.status_code == 422
        assert has(response.text, 'select[name="told_of_likes"][aria-invalid]')
        assert has(response.text, "#profile-form") == (not headers)
    assert Profile.objects.get().told_of_likes == "everyone"


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_refuses_an_unknown_choice(ana: User, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(user=ana).update(**{kind: "ben"})


def test_a_choice_in_another_tab_is_kept(as_ana: Client, ana: User) -> None:
    Profile.objects.filter(user=ana).update(told_of_likes="nobody")
    as_ana.post("/profile/", {"first_name": "Anna"})
    assert Profile.objects.get(user=ana).told_of_likes == "nobody"


def test_a_press_costs_the_same_queries_whomever_the_owner_follows(
    as_ana: Client, ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    costs = []
    for choice in ("everyone", "followed", "nobody"):
        Profile.objects.filter(user=ben).update(told_of_likes=choice)
        image = bookmark(ben, choice)
        with CaptureQueriesContext(connection) as queries:
            image.like(ana)
        costs.append(len(queries))
    assert len(set(costs)) == 1
