"""Signed tokens are accepted unchanged, for their purpose, and for a limited time."""

import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, Self

import pytest
from allauth.account import app_settings as account
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

DAY = 24 * 60 * 60
type Open = Callable[[str], bool]


@pytest.fixture
def address(ana: User) -> EmailAddress:
    User.objects.update(email="ana@example.org")
    return EmailAddress.objects.create(user=ana, email="ana@example.org", primary=True)


@pytest.fixture
def confirmation(address: EmailAddress) -> str:
    return str(EmailConfirmationHMAC(address).key)


@pytest.fixture
def reset(ana: User, address: EmailAddress) -> str:
    return str(default_token_generator.make_token(User.objects.get(username="ana")))


def confirms(key: str) -> bool:
    """Submit the page of a confirmation link, and return whether it confirms the address."""
    Client().post(f"/accounts/confirm-email/{key}/")
    return EmailAddress.objects.filter(verified=True).exists()


def resets(key: str, username: str = "ana") -> bool:
    """Open a reset link, and return whether it leads to a form for a new password."""
    person = user_pk_to_url_str(User.objects.get(username=username))
    page = Client().get(f"/accounts/password/reset/key/{person}-{key}/", follow=True)
    return "password1" in page.text


def changed(key: str) -> list[str]:
    """Return the key with a letter changed at its beginning, in its middle and at its end."""
    positions = (0, len(key) // 2, len(key) - 1)
    return [
        key[:position] + ("b" if key[position] == "a" else "a") + key[position + 1 :]
        for position in positions
    ]


def after(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this many seconds pass for signatures and tokens."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time(), tz)

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)
    monkeypatch.setattr("django.contrib.auth.tokens.datetime", Clock)


def test_a_changed_token_is_refused(confirmation: str, reset: str) -> None:
    assert not any(map(confirms, changed(confirmation)))
    assert not any(map(resets, changed(reset)))
    assert resets(reset)
    assert confirms(confirmation)


def test_an_unsigned_token_is_refused(confirmation: str, reset: str) -> None:
    value, moment, _ = confirmation.split(":")
    assert not confirms(f"{value}:{moment}")
    assert not confirms(f"{value}:{moment}:")
    assert not resets(reset.partition("-")[0] + "-")


def test_an_expired_token_is_refused(
    confirmation: str, reset: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT <= DAY
    after(settings.PASSWORD_RESET_TIMEOUT - 60, monkeypatch)
    assert resets(reset)
    after(120, monkeypatch)
    assert not resets(reset)
    after(3 * DAY, monkeypatch)
    assert not confirms(confirmation)


def test_a_token_signed_for_another_purpose_is_refused(
    confirmation: str, reset: str, ben: User, address: EmailAddress
) -> None:
    for salt in ("django.core.signing", "django.contrib.messages", ""):
        assert not confirms(signing.dumps(address.pk, salt=salt))
    assert not confirms(reset)
    assert not resets(confirmation)
    assert not resets(reset, "ben")


def test_a_token_signed_with_another_key_is_refused(
    confirmation: str, reset: str, settings: Settings
) -> None:
    settings.SECRET_KEY = "a key of somebody else"
    assert not confirms(confirmation)
    assert not resets(reset)


def test_a_forged_message_is_not_shown(as_ana: Client) -> None:
    def shown(cookie: str) -> bool:
        as_ana.cookies["messages"] = cookie
        return "Send me your password" in as_ana.get("/people/").text

    def written(salt: str) -> str:
        storage: Any = CookieStorage(HttpRequest())
        storage.signer = signing.get_cookie_signer(salt=salt)
        storage.add(SUCCESS, "Send me your password")
        response = HttpResponse()
        storage.update(response)
        return response.cookies["messages"].value

    assert shown(written(CookieStorage.key_salt))
    assert not shown(written(account.SALT))
    assert not any(map(shown, changed(written(CookieStorage.key_salt))))
