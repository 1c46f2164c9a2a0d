"""Strangers can neither use up an owner's notices nor send many to others."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_removed
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from people.addresses import notify
from testing.fixtures.people import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


def recipients() -> list[str]:
    return [recipient for sent in mail.outbox for recipient in sent.to]


def confirm(user: User, email: str) -> None:
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    user.refresh_from_db()


def flood_as_strangers(email: str) -> None:
    """Change the passwords of four accounts with `email`, or a tagged spelling, unconfirmed."""
    name, _, domain = email.partition("@")
    for number in range(4):
        address = f"{name}+{number}@{domain}" if number else email
        stranger = User.objects.create_user(f"mallory{number}", address)
        EmailAddress.objects.create(user=stranger, email=address, primary=True)
        for _ in range(5):
            stranger.set_password(PASSWORD)
            stranger.save()


def test_sign_ups_of_strangers_do_not_use_up_the_notices_of_an_owner(ana: User) -> None:
    confirm(ana, "x@example.org")
    flood_as_strangers("x@example.org")
    mail.outbox.clear()
    ana.set_password(PASSWORD)
    ana.save()
    [notice] = mail.outbox
    assert notice.to == ["x@example.org"]
    assert "ana" in str(notice.body)


@pytest.mark.parametrize("known", [True, False])
def test_a_mailbox_gets_five_notices_a_day_about_accounts_that_did_not_confirm_it(
    ana: User, known: bool
) -> None:
    if known:
        confirm(ana, "x@example.org")
        notify(ana, "password_changed", ["x@example.org"])
        mail.outbox.clear()
    flood_as_strangers("x@example.org")
    assert len(mail.outbox) == 5


def test_an_address_confirmed_by_another_account_counts_as_unconfirmed(
    ana: User, ben: User
) -> None:
    confirm(ana, "x@example.org")
    for _ in range(7):
        notify(ben, "password_changed", ["x@example.org"])
    assert len(mail.outbox) == 5


def test_a_confirmed_address_gets_a_hundred_notices_a_day_about_its_account(ana: User) -> None:
    confirm(ana, "x@example.org")
    for _ in range(102):
        notify(ana, "password_changed", ["x@example.org"])
    assert len(mail.outbox) == 100


def test_two_accounts_with_one_confirmed_mailbox_have_separate_limits(ana: User, ben: User) -> None:
    confirm(ana, "x+ana@example.org")
    confirm(ben, "x+ben@example.org")
    for _ in range(102):
        notify(ana, "password_changed", ["x+ana@example.org"])
    notify(ben, "password_changed", ["x+ben@example.org"])
    assert recipients().count("x+ben@example.org") == 1


@pytest.mark.parametrize("removed_by", ["removing", "reset"])
def test_strangers_cannot_hide_from_an_owner_that_the_address_was_removed(
    ana: User, removed_by: str
) -> None:
    confirm(ana, "x@example.org")
    second = EmailAddress.objects.create(user=ana, email="y@example.org", verified=True)
    flood_as_strangers("y@example.org")
    mail.outbox.clear()
    if removed_by == "removing":
        second.delete()
        email_removed.send(User, request=None, user=ana, email_address=second)
    else:
        Client().post("/accounts/password/reset/", {"email": "x@example.org"})
        [link] = re.findall(r"(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
        client = Client()
        form = client.get(link, follow=True).request["PATH_INFO"]
        client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert recipients().count("y@example.org") == 1
