"""Every text in mail, and on the pages that mail leads to, is translated."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import Client

from config.tests import translation_marks
from config.tests.translation_marks import unmarked
from home.tests.digests import Queue, digests_of, want_digest
from home.unsubscribe import unsubscribe_path
from images.models import Image
from people.models import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    translation_marks.add_marks(monkeypatch)


def test_mail_about_an_existing_account_is_translated() -> None:
    for part in ("subject", "message"):
        assert unmarked(render_to_string(f"account/email/account_already_exists_{part}.txt")) == []


@pytest.mark.parametrize(
    "notice", ["password_changed", "email_added", "email_removed", "email_changed"]
)
def test_notices_are_translated(notice: str) -> None:
    for part in ("subject", "message"):
        assert unmarked(render_to_string(f"account/email/{notice}_{part}.txt")) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [("password/reset", "ana"), ("password/reset", "x"), ("signup", "cleo")],
)
def test_mail_and_the_pages_it_links_to_are_translated(
    client: Client, ana: User, url: str, name: str
) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@example.org")
    password = {"password1": "a-long-enough-1", "password2": "a-long-enough-1"}
    names = {"username": f"{name}2", "email": f"{name}@example.org"}
    client.post(f"/accounts/{url}/", names | password)
    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    for text in (sent.subject, sent.body, sent.alternatives[0][0]):
        assert unmarked(str(text)) == []
    for link in re.findall(rf"{settings.SITE_URL}(\S+)", str(sent.body)):
        assert unmarked(Client().get(link, follow=True).text) == []


def test_the_weekly_mail_and_its_link_are_translated(
    client: Client, queue: Queue, ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    want_digest(ana)
    bookmark(ana).like(ben)
    bookmark(ben)
    Contact.objects.follow(ana, ben)
    [sent] = digests_of(ana, queue)
    for text in (sent.subject, sent.body, sent.alternatives[0][0]):
        assert unmarked(str(text)) == []
    path = unsubscribe_path(ana)
    assert unmarked(client.get(path).text) == unmarked(client.post(path).text) == []
