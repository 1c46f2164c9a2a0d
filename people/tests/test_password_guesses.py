"""Wrong passwords count for the account, in every form and in every spelling of its name."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import mail_limits, password_guesses
from testing.fixtures.clock import Clock
from testing.fixtures.people import PASSWORD

TOO_MANY = "Wait five minutes, or reset your password."
WRONG = "Wrong username or password"


@pytest.fixture(autouse=True)
def eve(db: None, clock: Clock) -> User:
    """Eve, who has confirmed her address."""
    eve = User.objects.create_user("eve", "eve@example.org", PASSWORD)
    EmailAddress.objects.create(user=eve, email=eve.email, primary=True, verified=True)
    return eve


def sign_in(login: str, password: str = "wrong", **more: Any) -> Any:
    form = {"login": login, "password": password}
    return Client().post("/accounts/login/", form, **more)


def signs_in(login: str) -> bool:
    return bool(sign_in(login, PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302)


def test_after_five_wrong_passwords_the_right_one_is_refused_too() -> None:
    answers = [sign_in("eve") for _ in range(5)]
    assert all(WRONG in answer.text for answer in answers)
    assert TOO_MANY in sign_in("eve", PASSWORD).text
    assert not signs_in("eve")


def test_a_host_header_makes_no_difference() -> None:
    for port in range(5000, 5005):
        sign_in("eve", headers={"Host": f"testserver:{port}"})
    assert TOO_MANY in sign_in("eve", headers={"Host": "testserver:5005"}).text


@pytest.mark.parametrize("known", [True, False])
def test_spellings_of_one_username_count_together(known: bool) -> None:
    if not known:
        User.objects.all().delete()
    for login in ("eve", "EVE", " eve ", "ｅｖｅ", "еve"):
        assert WRONG in sign_in(login).text
    assert TOO_MANY in sign_in("Eve").text


@pytest.mark.parametrize("known", [True, False])
def test_spellings_of_one_address_count_together(known: bool) -> None:
    if not known:
        User.objects.all().delete()
    for login in ("eve@example.org", "EVE@example.org", " eve@EXAMPLE.org") * 2:
        last = sign_in(login)
    assert TOO_MANY in last.text


@pytest.mark.parametrize(
    ("tried", "other"), [("eve", "eve@example.org"), ("eve@example.org", "eve")]
)
def test_the_username_and_the_address_count_together(tried: str, other: str) -> None:
    for _ in range(5):
        sign_in(tried)
    assert not signs_in(other)


def test_a_locked_username_does_not_reveal_its_address(
    settings: Any,
) -> None:
    settings.PASSWORD_HASHERS = ["people.tests.test_enumeration.CountedHasher"]
    from people.tests.test_enumeration import hashed

    for _ in range(5):
        sign_in("eve")
    answers = []
    for login in ("eve@example.org", "nobody@example.org"):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = sign_in(login, REMOTE_ADDR="192.0.2.9")
        text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", answer.text)
        answers.append((answer.status_code, text.replace(login, ""), len(hashed)))
        counts = [query["sql"] for query in queries if "INSERT INTO web_ratelimit" in query["sql"]]
        assert len(counts) == 4
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_a_name_without_an_account_is_refused_after_the_same_number_of_tries() -> None:
    answers = []
    for login in ("eve", "nobody"):
        tries = [sign_in(login, REMOTE_ADDR=f"192.0.2.{len(login)}") for _ in range(6)]
        answers.append([TOO_MANY in answer.text for answer in tries])
    assert answers[0] == answers[1] == [False] * 5 + [True]


def test_an_unconfirmed_address_counts_for_no_account(eve: User) -> None:
    """Otherwise the owner of the account could tell whether another one has confirmed it."""
    EmailAddress.objects.create(user=eve, email="x@example.org", verified=False)
    for _ in range(5):
        sign_in("x@example.org")
    assert signs_in("eve")


def test_one_network_may_try_ten_wrong_passwords_a_minute() -> None:
    answers = [sign_in(f"nobody{number}") for number in range(11)]
    assert [TOO_MANY in answer.text for answer in answers] == [False] * 10 + [True]
    assert signs_in("eve")


def test_other_accounts_stay_open() -> None:
    User.objects.create_user("ben", password=PASSWORD)
    for _ in range(6):
        sign_in("eve")
    assert signs_in("ben")


def test_right_passwords_are_not_counted() -> None:
    assert all(signs_in("eve") for _ in range(12))


def test_a_right_password_does_not_clear_earlier_wrong_ones() -> None:
    for _ in range(4):
        sign_in("eve")
    assert signs_in("eve")
    sign_in("eve")
    assert not signs_in("eve")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/accounts/password/change/", "oldpassword"),
        ("/accounts/reauthenticate/", "password"),
        ("/admin/password_change/", "old_password"),
    ],
)
def test_wrong_passwords_of_signed_in_people_count_too(
    client: Client, eve: User, path: str, field: str
) -> None:
    User.objects.update(is_staff=True)
    client.force_login(eve)
    answers = [client.post(path, {field: "wrong"}) for _ in range(5)]
    assert all("Wrong password." in answer.text for answer in answers)
    assert not signs_in("eve")
    assert not signs_in("eve@example.org")


def test_signed_in_people_see_that_there_were_too_many_tries(client: Client, eve: User) -> None:
    client.force_login(eve)
    for _ in range(5):
        sign_in("eve")
    assert TOO_MANY in client.post("/accounts/reauthenticate/", {"password": PASSWORD}).text
    form = {"oldpassword": PASSWORD, "password1": "another-long-one", "password2": ""}
    assert TOO_MANY in client.post("/accounts/password/change/", form).text


def test_after_a_password_reset_the_owner_can_sign_in_at_once() -> None:
    for login in ("eve", "eve@example.org") * 6:
        sign_in(login)
    client = Client()
    client.post("/accounts/password/reset/", {"email": "eve@example.org"})
    [link] = re.findall(rf"{project.SITE_URL}(/\S+)", str(mail.outbox[-1].body))
    form = client.get(link, follow=True).request["PATH_INFO"]
    new = {"password1": "another-long-one", "password2": "another-long-one"}
    assert client.post(form, new).status_code == 302
    assert client.get("/people/").status_code == 200
    for login in ("eve", "eve@example.org"):
        assert sign_in(login, "another-long-one", REMOTE_ADDR="192.0.2.9").status_code == 302


def test_every_limit_of_django_allauth_is_replaced_by_one_of_ours(settings: Any) -> None:
    from allauth.account import app_settings as account

    assert account.RATE_LIMITS == {}
    settings.ACCOUNT_RATE_LIMITS = {}
    ours: dict[str, Callable[[], object]] = {
        "change_password": lambda: settings.RATE_LIMITS["account_change_password"]["user"],
        "manage_email": lambda: settings.RATE_LIMITS["account_email"]["user"],
        "reset_password": lambda: settings.RATE_LIMITS["account_reset_password"]["email"],
        "reauthenticate": lambda: settings.RATE_LIMITS["account_reauthenticate"]["user"],
        "reset_password_from_key": lambda: settings.RATE_LIMITS["account_reset_password_from_key"],
        "signup": lambda: settings.RATE_LIMITS["account_signup"]["ip"],
        "login": lambda: settings.RATE_LIMITS["account_login"]["ip"],
        "login_failed": lambda: password_guesses.FOR_ACCOUNT.amount,
        "confirm_email": lambda: mail_limits.PER_MAILBOX.amount,
    }
    # Magpie uses neither login codes nor phone numbers.
    unused = {"change_phone", "verify_phone", "request_login_code"}
    assert set(account.RATE_LIMITS) == set(ours) | unused
    assert all(limit() for limit in ours.values())
