"""Password managers find the form for a new password, and finders of holes whom to tell."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

CHANGE_PASSWORD = "/.well-known/change-password"
SECURITY = "/.well-known/security.txt"


def test_password_managers_are_sent_to_the_form_by_way_of_the_sign_in_page(client: Client) -> None:
    response = client.get(CHANGE_PASSWORD)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/password/change/"
    assert "max-age=86400" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_person_gets_the_form(as_ana: Client) -> None:
    response = as_ana.get(CHANGE_PASSWORD, follow=True)
    assert response.status_code == 200
    assert "password" in response.text


def test_another_name_does_not_exist(client: Client) -> None:
    """Password managers ask for it to see whether the site answers 404 at all."""
    name = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert client.get(name).status_code == 404


def test_there_is_no_contact_for_security_unless_it_is_set(client: Client) -> None:
    response = client.get(SECURITY)
    assert response.status_code == 404
    assert "Cache-Control" not in response


@pytest.mark.parametrize("contact", ["mailto:security@magpie.example", "https://magpie.example/x"])
def test_security_txt_names_the_contact_and_expires_within_a_year(
    client: Client, settings: Settings, contact: str
) -> None:
    settings.SECURITY_CONTACT = contact
    response = client.get(SECURITY)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=86400" in response["Cache-Control"]
    fields = dict(re.findall(r"^([A-Z]\w+): (.+)$", response.text, re.M))
    assert fields.keys() == {"Contact", "Expires"}
    assert fields["Contact"] == contact
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)
