"""Changing an email address requires the password, and the other addresses are notified."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from testing.fixtures.people import PASSWORD

OWN, SECOND, THIRD = "ana@example.org", "ana@example.net", "ana@example.com"
CHANGES = [
    {"action_add": "", "email": THIRD},
    {"action_remove": "", "email": SECOND},
    {"action_primary": "", "email": SECOND},
]


@pytest.fixture
def client(ana: User) -> Client:
    """Ana's browser. She has two confirmed addresses."""
    User.objects.update(email=OWN, password=make_password(PASSWORD))
    EmailAddress.objects.create(user=ana, email=OWN, primary=True, verified=True)
    EmailAddress.objects.create(user=ana, email=SECOND, verified=True)
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    return client


def post(client: Client, form: dict[str, str], password: str = "") -> Any:
    """Post a form of the address page, then the password, if any, on the page that asks for it."""
    response = client.post("/accounts/email/", form)
    if password:
        response = client.post(response["Location"], {"password": password})
    return response


def addresses() -> set[tuple[str, bool]]:
    return {(address.email, address.primary) for address in EmailAddress.objects.all()}


BEFORE = {(OWN, True), (SECOND, False)}


@pytest.mark.parametrize("form", CHANGES, ids=lambda form: next(iter(form)))
def test_a_change_requires_the_password(client: Client, form: dict[str, str]) -> None:
    response = post(client, form)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert 'type="password"' in client.get(response["Location"]).text
    assert "Wrong password." in post(client, form, "guessed-it").text
    assert addresses() == BEFORE
    assert mail.outbox == []
    post(client, form, PASSWORD)
    assert addresses() != BEFORE


def test_each_change_requires_the_password_again(client: Client) -> None:
    post(client, CHANGES[0], PASSWORD)
    after = addresses()
    for form in CHANGES[1:]:
        assert post(client, form)["Location"].startswith("/accounts/reauthenticate/")
    assert addresses() == after


@pytest.mark.parametrize(
    ("form", "recipients", "named"),
    [
        (CHANGES[0], [OWN, SECOND], THIRD),
        (CHANGES[1], [OWN, SECOND], SECOND),
        (CHANGES[2], [SECOND, OWN], SECOND),
    ],
    ids=["add", "remove", "primary"],
)
def test_a_change_is_announced_to_the_other_addresses(
    client: Client, form: dict[str, str], recipients: list[str], named: str
) -> None:
    post(client, form, PASSWORD)
    notices = [sent for sent in mail.outbox if "Confirm" not in sent.subject]
    assert [sent.to for sent in notices] == [[email] for email in recipients]
    assert all(named in sent.body and "ana" in sent.body for sent in notices)


def test_an_unconfirmed_address_gets_no_notice(client: Client) -> None:
    post(client, CHANGES[0], PASSWORD)
    mail.outbox.clear()
    post(client, {"action_remove": "", "email": THIRD}, PASSWORD)
    assert [sent.to for sent in mail.outbox] == [[OWN], [SECOND]]


def test_a_notice_that_cannot_be_sent_does_not_stop_the_change(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("people.adapters.AccountAdapter.send_mail", fail)
    post(client, CHANGES[1], PASSWORD)
    assert addresses() == {(OWN, True)}
    assert "could not be sent" in caplog.text


def test_an_address_set_by_a_script_is_the_primary_one(client: Client) -> None:
    EmailAddress.objects.all().delete()
    User.objects.update(email=OWN)
    client.get("/accounts/email/")
    assert addresses() == {(OWN, True)}
