"""A double press on the button that signs up."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from stream.models import Action
from testing.fixtures.people import PASSWORD
from testing.threads import at_once

FORM = {
    "username": "dora",
    "email": "dora@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_sign_up_once() -> None:
    barrier = Barrier(2)

    def press() -> bool:
        browser = Client()
        barrier.wait()
        response = browser.post("/accounts/signup/", FORM)
        assert (response.status_code, response["Location"]) == (302, "/welcome/profile/")
        return browser.get("/").wsgi_request.user == User.objects.get(username="dora")

    calls: list[Callable[[], bool]] = [press, press]
    assert at_once(calls) == [True, True]
    assert User.objects.count() == EmailAddress.objects.count() == Action.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_second_press_signs_in_where_the_first_leads() -> None:
    for browser in (Client(), Client()):
        response = browser.post("/accounts/signup/?next=/people/", FORM | {"next": "/people/"})
        assert (response.status_code, response["Location"]) == (302, "/people/")
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {"email": "eve@example.org"},
        {"password1": "another-long-one", "password2": "another-long-one"},
        {"password2": "another-long-one"},
        {"username": "DORA"},
    ],
)
def test_another_form_with_the_same_name_is_refused(changed: dict[str, str]) -> None:
    Client().post("/accounts/signup/", FORM)
    other = Client()
    response = other.post("/accounts/signup/", FORM | changed)
    assert response.status_code == 200
    assert "already taken" in response.text
    assert other.get("/accounts/email/").status_code == 302


@pytest.mark.django_db
def test_a_press_is_no_second_one_after_a_minute_or_for_someone_inactive() -> None:
    Client().post("/accounts/signup/", FORM)
    past = {"date_joined": timezone.now() - timedelta(minutes=2)}
    for change in (past, {"date_joined": timezone.now(), "is_active": False}):
        User.objects.update(**change)
        assert "already taken" in Client().post("/accounts/signup/", FORM).text


@pytest.mark.django_db
def test_passwords_are_guessed_no_faster_by_signing_up() -> None:
    Client().post("/accounts/signup/", FORM)
    for number in range(6):
        wrong = {"password1": f"another-long-{number}", "password2": f"another-long-{number}"}
        Client().post("/accounts/signup/", FORM | wrong)
    assert "already taken" in Client().post("/accounts/signup/", FORM).text
