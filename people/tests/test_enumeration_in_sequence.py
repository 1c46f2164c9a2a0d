"""No sequence of two or three forms reveals whether an account exists.

A stranger uses the forms with an unknown, a confirmed, or an unconfirmed address. The responses,
the number of password hashes and the number of mails are the same for all three.
"""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from people.tests import test_enumeration
from people.tests.test_enumeration import hashed
from testing.fixtures.people import PASSWORD

ADDRESS = "eve@example.org"
CHANGING = {"Content-Length", "Expires", "X-Request-ID"}
NEW = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
OTHER = {"password1": "quite-another-one", "password2": "quite-another-one"}


def form(path: str, data: dict[str, str], elsewhere: bool = False) -> Callable[[Client], Any]:
    """Return a function that posts a form, then the password on the page that asks for it."""

    def post(client: Client) -> Any:
        client = Client() if elsewhere else client
        response = client.post(path, data, follow=True)
        if response.request["PATH_INFO"] == "/accounts/reauthenticate/":
            location = response.redirect_chain[-1][0]
            response = client.post(location, {"password": PASSWORD}, follow=True)
        return response

    return post


LOGIN, ADDRESSES = "/accounts/login/", "/accounts/email/"
FORMS = {
    "sign up": form("/accounts/signup/", NEW | {"email": ADDRESS}),
    "sign in by address": form(LOGIN, {"login": ADDRESS, "password": PASSWORD}, elsewhere=True),
    "sign in by name": form(LOGIN, {"login": "mallory", "password": PASSWORD}),
    "reset": form("/accounts/password/reset/", {"email": ADDRESS}),
    "add": form(ADDRESSES, {"action_add": "", "email": ADDRESS}),
    "send again": form(ADDRESSES, {"action_send": "", "email": ADDRESS}),
    "make primary": form(ADDRESSES, {"action_primary": "", "email": ADDRESS}),
    "remove": form(ADDRESSES, {"action_remove": "", "email": ADDRESS}),
    "change password": form("/accounts/password/change/", OTHER | {"oldpassword": PASSWORD}),
    "sign out": form("/accounts/logout/", {}),
}
# After these pairs, the test tries a third form too.
BEGINNINGS = {("sign up",), ("sign in by name", "add")}


@pytest.fixture(autouse=True)
def mallory(db: None, settings: Settings) -> User:
    """Mallory, who has an account and wants to find out about Eve's address."""
    settings.PASSWORD_HASHERS = [f"{test_enumeration.__name__}.CountedHasher"]
    settings.RATE_LIMITS = {}
    password = make_password("of-nobody-but-eve")
    User.objects.create(username="eve", password=password)
    return User.objects.create(username="mallory", password=make_password(PASSWORD))


def address_is_unknown() -> None:
    pass


def address_is_confirmed() -> None:
    eve = User.objects.get(username="eve")
    EmailAddress.objects.create(user=eve, email=ADDRESS, primary=True, verified=True)


def address_is_unconfirmed() -> None:
    eve = User.objects.get(username="eve")
    EmailAddress.objects.create(user=eve, email=ADDRESS, primary=True)


def answer(name: str, client: Client) -> tuple[Any, ...]:
    """Submit the form `name`, and return everything that a stranger can observe."""
    hashed.clear()
    mail.outbox.clear()
    response = FORMS[name](client)
    text = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+"', r"\1", response.text)
    text = re.sub(r"<time.*?</time>", "<time>", text)
    # django-components gives each rendered component a random id.
    text = re.sub(r" data-djc-id-\w+", "", text)
    # PostgreSQL does not reuse keys after a rollback.
    text = re.sub(r"-\d+\b", "-0", text)
    headers = {key: value for key, value in response.items() if key not in CHANGING}
    seen = response.status_code, response.redirect_chain, text, headers
    return *seen, sorted(client.cookies), len(hashed), len(mail.outbox)


def answers(names: tuple[str, ...], before: SimpleCookie) -> Iterator[tuple[Any, ...]]:
    """Submit the last of the forms, then each form after it, with a rollback in between."""
    with transaction.atomic():
        client = Client()
        client.cookies = SimpleCookie({key: cookie.value for key, cookie in before.items()})
        found = [(names, answer(names[-1], client))]
        if names in BEGINNINGS or len(names) == 1 or (names[:1] in BEGINNINGS and len(names) == 2):
            for name in FORMS:
                found += answers((*names, name), client.cookies)
        transaction.set_rollback(True)
    yield from found


@pytest.mark.parametrize("first", FORMS)
def test_two_or_three_forms_reveal_nothing(first: str) -> None:
    found = []
    for set_up in (address_is_unknown, address_is_confirmed, address_is_unconfirmed):
        with transaction.atomic():
            set_up()
            found.append(list(answers((first,), SimpleCookie())))
            transaction.set_rollback(True)
    for unknown, confirmed, unconfirmed in zip(*found, strict=True):
        assert confirmed == unknown
        assert unconfirmed == unknown
