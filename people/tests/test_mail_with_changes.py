"""With a worker, a change and the mail about it are saved in one transaction."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import Client

from testing.fixtures.people import PASSWORD
from web.models import Mail

OWN, SECOND = "ana@example.org", "ana@example.net"
NEW_PASSWORD = "another-long-one"


@pytest.fixture
def client(queue: Callable[[], int], ana: User) -> Client:
    """Ana's browser, in which she has just typed her password. She has two confirmed addresses."""
    User.objects.update(email=OWN, password=make_password(PASSWORD))
    EmailAddress.objects.create(user=ana, email=OWN, primary=True, verified=True)
    EmailAddress.objects.create(user=ana, email=SECOND, verified=True)
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def full_queue(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no mail be queued."""
    monkeypatch.setattr(type(Mail.objects), "put", lambda *args: 1 / 0)


def state() -> object:
    addresses = EmailAddress.objects.order_by("pk").values_list("email", "primary")
    return User.objects.get(username="ana").password, list(addresses)


CHANGES = {
    "/accounts/email/": [
        {"action_add": "", "email": "ana@example.com"},
        {"action_remove": "", "email": SECOND},
        {"action_primary": "", "email": SECOND},
    ],
    "/accounts/password/change/": [
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    ],
}
FORMS = [(path, form) for path, forms in CHANGES.items() for form in forms]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_a_change_without_its_mail_is_undone(
    client: Client, full_queue: None, path: str, form: dict[str, str]
) -> None:
    before = state()
    assert client.post(path, form).status_code == 500
    assert state() == before


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_a_change_and_its_mail_are_saved(
    client: Client, queue: Callable[[], int], path: str, form: dict[str, str]
) -> None:
    before = state()
    assert client.post(path, form).status_code == 302
    assert state() != before
    assert mail.outbox == []
    assert queue() == len(mail.outbox) > 1


def test_a_reset_without_its_notices_is_undone(
    client: Client, queue: Callable[[], int], request: pytest.FixtureRequest
) -> None:
    visitor = Client(raise_request_exception=False)
    visitor.post("/accounts/password/reset/", {"email": OWN})
    queue()
    [sent] = re.findall(r"(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    link = visitor.get(sent)["Location"]
    request.getfixturevalue("full_queue")
    before = state()
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert visitor.post(link, passwords).status_code == 500
    assert state() == before


def test_a_password_that_is_not_saved_is_not_announced(
    client: Client, queue: Callable[[], int]
) -> None:
    ana = User.objects.get(username="ana")
    with transaction.atomic():
        ana.set_password(NEW_PASSWORD)
        ana.save()
        transaction.set_rollback(True)
    assert queue() == 0
