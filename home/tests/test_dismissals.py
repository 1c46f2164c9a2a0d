"""Dismissing a suggestion."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from people.deletion import delete_people
from people.models import Dismissal
from testing.feed import HTMX
from testing.markup import has
from testing.people import count_image, follow

URL = "/people/ben/dismiss/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggested_ben(ben: User, cleo: User) -> User:
    count_image(ben)
    follow(cleo, ben)
    return ben


def test_a_dismissed_person_is_gone_from_the_suggestions(
    as_ana: Client, suggested_ben: User
) -> None:
    assert has(as_ana.get("/stream/").text, f'.suggestions form[action="{URL}"]')
    response = as_ana.post(URL, {"next": "/stream/#suggestions"}, follow=True)
    assert response.redirect_chain == [("/stream/#suggestions", 303)]
    assert not has(response.text, ".suggestions")


def test_a_suggestion_says_whether_the_person_follows_the_viewer(
    as_ana: Client, ana: User, suggested_ben: User
) -> None:
    assert "Follows you" not in as_ana.get("/stream/").text
    follow(suggested_ben, ana)
    assert "Follows you" in as_ana.get("/stream/").text


def test_htmx_gets_what_takes_the_place_of_the_suggestion(
    as_ana: Client, suggested_ben: User
) -> None:
    response = as_ana.post(URL, headers=HTMX)
    assert response.status_code == 200
    assert has(response.text, "li[autofocus]")


def test_dismissing_twice_is_the_same_as_once(as_ana: Client, ana: User, ben: User) -> None:
    for _ in range(2):
        assert as_ana.post(URL).status_code == 303
    assert list(Dismissal.objects.values_list("user", "person")) == [(ana.pk, ben.pk)]


def test_only_others_who_are_active_can_be_dismissed(as_ana: Client, ben: User) -> None:
    assert as_ana.post("/people/ana/dismiss/").status_code == 400
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert as_ana.post(URL).status_code == 404
    assert not Dismissal.objects.exists()


def test_the_database_refuses_a_second_dismissal_and_oneself(ana: User, ben: User) -> None:
    Dismissal.objects.dismiss(ana, ben)
    for person in (ana, ben):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dismissal.objects.create(user=ana, person=person)


@pytest.mark.django_db(transaction=True)
def test_dismissals_are_deleted_with_either_person(ana: User, ben: User, cleo: User) -> None:
    Dismissal.objects.dismiss(ana, ben)
    Dismissal.objects.dismiss(ben, cleo)
    Dismissal.objects.dismiss(cleo, ana)
    delete_people([ben])
    assert [str(row) for row in Dismissal.objects.all()] == ["cleo: ana"]
    ana.delete()
    assert not Dismissal.objects.exists()
