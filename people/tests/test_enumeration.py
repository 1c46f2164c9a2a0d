"""Without the password, nobody can find out whether an account exists."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from testing.fixtures.people import PASSWORD

NEW = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
CHANGING = {"Content-Length", "Expires", "X-Request-ID"}
hashed: list[str] = []


class CountedHasher(PBKDF2PasswordHasher):
    """Record each password hash that is computed, to set or to check a password."""

    def encode(self, password: str, *args: Any, **kwargs: Any) -> str:
        hashed.append(password)
        return super().encode(password, *args, **kwargs)


@pytest.fixture(autouse=True)
def eve(db: None, settings: Settings) -> User:
    """Eve, who has an account with a confirmed address."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    password = make_password(PASSWORD)
    eve = User.objects.create(username="eve", email="eve@example.org", password=password)
    EmailAddress.objects.create(user=eve, email=eve.email, primary=True, verified=True)
    hashed.clear()
    return eve


def answer(path: str, typed: str, data: dict[str, str]) -> tuple[Any, ...]:
    """Return everything that a stranger can observe, except the typed text and tokens."""
    response = Client().post(path, data)
    text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.text)
    headers = {key: value for key, value in response.items() if key not in CHANGING}
    cookies = sorted(response.cookies)
    return response.status_code, text.replace(typed, "TYPED"), headers, cookies


def login(typed: str) -> tuple[Any, ...]:
    return answer("/accounts/login/", typed, {"login": typed, "password": "wrong"})


def reset(typed: str) -> tuple[Any, ...]:
    return answer("/accounts/password/reset/", typed, {"email": typed})


def sign_up(typed: str, username: str) -> tuple[Any, ...]:
    return answer("/accounts/signup/", typed, NEW | {"email": typed, "username": username})


@pytest.mark.parametrize(
    ("known", "unknown"), [("eve", "nobody"), ("eve@example.org", "nobody@example.org")]
)
def test_a_wrong_password_gets_the_same_response_with_and_without_an_account(
    known: str, unknown: str
) -> None:
    for_known = login(known)
    assert for_known[0] == 200
    assert len(hashed) == 1
    assert login(unknown) == for_known
    assert len(hashed) == 2


def test_a_wrong_password_gets_the_same_response_for_a_deactivated_account(eve: User) -> None:
    for_known = login("eve")
    User.objects.update(is_active=False)
    assert login("eve") == for_known
    assert len(hashed) == 2


def test_a_reset_gets_the_same_response_and_one_mail_with_and_without_an_account() -> None:
    assert reset("eve@example.org") == reset("nobody@example.org")
    assert [mail.to for mail in mail.outbox] == [["eve@example.org"], ["nobody@example.org"]]
    assert not hashed


def test_signing_up_gets_the_same_response_with_a_taken_and_a_free_address() -> None:
    for_taken = sign_up("eve@example.org", "dora")
    assert for_taken[0] == 302
    assert sign_up("nobody@example.org", "doro") == for_taken
    assert hashed == [PASSWORD] * 2
    assert [mail.to for mail in mail.outbox] == [["eve@example.org"], ["nobody@example.org"]]


def test_signing_up_with_a_taken_address_reveals_nothing(eve: User) -> None:
    sign_up("eve@example.org", "dora")
    assert not EmailAddress.objects.get(user__username="dora").verified
    mail.outbox.clear()
    reset("eve@example.org")
    [sent] = mail.outbox
    assert "account eve" in sent.body
    client = Client()
    client.post("/accounts/login/", {"login": "eve@example.org", "password": PASSWORD})
    assert client.get("/people/").wsgi_request.user == eve


def test_adding_an_address_gets_the_same_response_for_a_taken_and_a_free_one(
    sign_in: Callable[[User], Client],
) -> None:
    answers = []
    for username, typed in {"dora": "eve@example.org", "doro": "nobody@example.org"}.items():
        client = sign_in(User.objects.create(username=username))
        form = {"action_add": "", "email": typed}
        response = client.post("/accounts/email/", form, follow=True)
        text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.text)
        answers.append(text.replace(typed, "TYPED").replace(username, "NAME"))
    assert answers[0] == answers[1]


def sign_in_with(login: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": login, "password": password})
    return client


def test_an_address_can_be_used_to_sign_in_once_it_is_confirmed() -> None:
    sign_up("dora@example.org", "dora")
    for typed in ("dora@example.org", "Dora@Example.org "):
        client = sign_in_with(typed, PASSWORD)
        assert client.get("/people/").status_code == 302
        EmailAddress.objects.filter(email="dora@example.org").update(verified=True)
        client = sign_in_with(typed, PASSWORD)
        assert client.get("/people/").wsgi_request.user.username == "dora"
        EmailAddress.objects.filter(email="dora@example.org").update(verified=False)


def test_an_address_without_a_row_cannot_be_used_to_sign_in() -> None:
    EmailAddress.objects.all().delete()
    User.objects.update(email="eve@example.org")
    assert sign_in_with("eve@example.org", PASSWORD).get("/people/").status_code == 302
    assert sign_in_with("eve", PASSWORD).get("/people/").status_code == 200


def test_a_reset_ignores_the_case_of_an_address_set_by_a_script() -> None:
    User.objects.create_superuser("root", "Root@Example.org", PASSWORD)
    reset("ROOT@example.org")
    [sent] = mail.outbox
    assert "account root" in sent.body


def test_wrong_passwords_for_an_address_do_not_reveal_its_account() -> None:
    for _ in range(6):
        refused = login("eve@example.org")
    assert "Wait five minutes" in refused[1]
    assert "Wait five minutes" not in login("eve")[1]


def test_one_mail_lists_all_accounts_with_an_unconfirmed_address() -> None:
    for username in ("dora", "doro"):
        sign_up("dora@example.org", username)
    mail.outbox.clear()
    reset("dora@example.org")
    [sent] = mail.outbox
    assert "account dora" in sent.body
    assert "account doro" in sent.body
    assert str(sent.body).count("/password/reset/key/") == 2


def test_an_unconfirmed_address_beside_a_confirmed_one_gets_no_reset_link(
    eve: User,
) -> None:
    EmailAddress.objects.create(user=eve, email="eve@example.net")
    reset("eve@example.net")
    [sent] = mail.outbox
    assert "/password/reset/key/" not in sent.body


def test_an_unconfirmed_primary_address_beside_a_confirmed_one_gets_no_reset_link(
    eve: User,
) -> None:
    EmailAddress.objects.update(primary=False)
    EmailAddress.objects.create(user=eve, email="typo@example.org", primary=True)
    reset("typo@example.org")
    [sent] = mail.outbox
    assert "/password/reset/key/" not in sent.body
