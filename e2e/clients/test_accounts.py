"""Signing up with a confirmed address, choosing a language, and signing out."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from e2e.clients.client import Client
from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.clients


def test_signing_up_and_confirming_the_address(
    client: Client, visit: Callable[[str], None], confirmation_link: Callable[[str], str]
) -> None:
    visit("/")
    client.follow("Join Magpie")
    client.sees("Password (again)")
    client.fill("Username", "dora")
    client.fill("Email", "dora@example.org")
    client.fill("Password", PASSWORD)
    client.fill("Password (again)", PASSWORD)
    client.press("Sign up")
    client.sees("Say who you are")
    assert User.objects.get().username == "dora"
    client.open(confirmation_link("dora@example.org"))
    client.sees("dora@example.org")
    client.press("Confirm")
    client.sees("dora@example.org")
    assert EmailAddress.objects.get().verified


def test_choosing_a_language(client: Client, visit: Callable[[str], None]) -> None:
    visit("/")
    client.sees("Join Magpie")
    client.press("Deutsch")
    client.sees("Behalte die Bilder, die du findest.")
    client.follow("Anmelden")
    client.sees("Benutzername oder E-Mail-Adresse")


def test_signing_out(client: Client, visit: Callable[[str], None], viewer: User) -> None:
    visit("/people/")
    client.sees("People")
    client.choose_in_menu("Ana Silva", "button", "Sign out")
    client.sees("Join Magpie")
    assert not Session.objects.exists()
    visit("/people/")
    client.sees("Username or email")
    assert "Ana Silva" not in client.read()
