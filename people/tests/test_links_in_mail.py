"""Links in mail lead to SITE_URL, whatever host a request names."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "quite-another-one"
TWICE = {"password1": NEW, "password2": NEW}
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "ftp",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Server": "evil.example",
    "X-Original-Host": "evil.example",
    "X-Host": "evil.example",
    "Forwarded": "host=evil.example;proto=ftp",
}
FORMS = {
    "signing up": ("/accounts/signup/", {"username": "dora", "email": "d@example.org"} | TWICE),
    "reset": ("/accounts/password/reset/", {"email": "ana@example.org"}),
    "reset of nobody": ("/accounts/password/reset/", {"email": "nobody@example.org"}),
    "change": ("/accounts/password/change/", {"oldpassword": PASSWORD} | TWICE),
    "confirming": ("/accounts/email/", {"action_send": "", "email": "b@example.org"}),
}


@pytest.fixture
def signed_in(ana: User, client: Client) -> Client:
    """Ana's browser. She has a confirmed and an unconfirmed address."""
    User.objects.update(email="ana@example.org", password=make_password(PASSWORD))
    EmailAddress.objects.create(user=ana, email="ana@example.org", primary=True, verified=True)
    EmailAddress.objects.create(user=ana, email="b@example.org")
    client.force_login(User.objects.get())
    return client


@pytest.mark.parametrize("host", ["localhost:666", "127.0.0.1", "other.example", "[::1]:80"])
@pytest.mark.parametrize("form", FORMS)
def test_links_in_mail_lead_to_site_url(
    signed_in: Client, settings: Settings, form: str, host: str
) -> None:
    settings.SITE_URL = "https://magpie.example:8443"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "other.example"]
    client = Client() if form == "signing up" else signed_in
    path, data = FORMS[form]
    client.post(path, data, headers=FORGED | {"Host": host})
    assert mail.outbox
    for sent in mail.outbox:
        assert isinstance(sent, EmailMultiAlternatives)
        text = f"{sent.body} {sent.alternatives[0][0]!r}"
        assert set(re.findall(r"\w+://[^/\s\"<]+", text)) == {settings.SITE_URL}
        assert "evil.example" not in str(sent.message())
