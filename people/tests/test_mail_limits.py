"""Nobody can make Magpie send much mail to another person."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from testing.fixtures.clock import NOW, Clock
from testing.fixtures.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def add(client: Client, email: str) -> Any:
    return client.post("/accounts/email/", {"action_add": "", "email": email})


def sign_up(username: str, email: str) -> Any:
    form = {"username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return Client().post("/accounts/signup/", form)


def recipients() -> list[str]:
    return [recipient for sent in mail.outbox for recipient in sent.to]


def test_a_person_can_add_five_addresses_a_day(as_ana: Client, clock: Clock) -> None:
    answers = [add(as_ana, f"{number}@example.org").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5
    clock(NOW + 24 * 3600)
    assert add(as_ana, "tomorrow@example.org").status_code == 302
    assert len(mail.outbox) == 6


def test_asking_for_a_mail_again_counts_like_adding_the_address(as_ana: Client) -> None:
    add(as_ana, "a@example.org")
    form = {"action_send": "", "email": "a@example.org"}
    answers = [as_ana.post("/accounts/email/", form).status_code for _ in range(5)]
    assert answers == [302] * 4 + [429]
    assert len(mail.outbox) == 5


def test_removing_an_address_and_adding_it_again_sends_no_more_mail(
    as_ana: Client, ana: User
) -> None:
    for _ in range(7):
        add(as_ana, "a@example.org")
        EmailAddress.objects.filter(user=ana).delete()
    assert len(mail.outbox) == 5


def test_the_refusal_says_when_to_try_again(as_ana: Client) -> None:
    for number in range(6):
        refused = add(as_ana, f"{number}@example.org")
    assert int(refused["Retry-After"]) == 24 * 3600 - NOW % (24 * 3600)
    assert "16 hours" in refused.text


@pytest.mark.parametrize("taken", [True, False])
def test_sign_ups_send_five_mails_a_day_to_one_mailbox(taken: bool) -> None:
    if taken:
        eve = User.objects.create_user("eve", "x@example.org")
        EmailAddress.objects.create(user=eve, email=eve.email, primary=True, verified=True)
    emails = ["x@example.org", "X@Example.org", "x+1@example.org", "x+2@example.org"] * 2
    for number, email in enumerate(emails):
        assert sign_up(f"dora{number}", email).status_code == 302
    assert len(mail.outbox) == 5


def test_other_mailboxes_get_their_mail() -> None:
    for number in range(6):
        sign_up(f"dora{number}", "x@example.org")
    sign_up("doro", "y@example.org")
    assert recipients().count("y@example.org") == 1


@pytest.mark.parametrize("known", [True, False])
def test_one_address_gets_five_reset_links_an_hour(clock: Clock, known: bool) -> None:
    if known:
        User.objects.create_user("eve", "x@example.org")
    answers = []
    for minute in range(8):
        clock(NOW + 60 * minute)
        answer = Client().post("/accounts/password/reset/", {"email": "X@example.org"})
        answers.append(answer.status_code)
    assert answers == [302] * 5 + [429] * 3
    assert len(mail.outbox) == 5
    clock(NOW + 3600)
    Client().post("/accounts/password/reset/", {"email": "x@example.org"})
    assert len(mail.outbox) == 6


def test_mail_for_similar_addresses_does_not_use_up_the_owners_reset_links() -> None:
    User.objects.create_user("eve", "x@example.org")
    for number in range(8):
        form = {"email": f"x+{number}@example.org"}
        Client().post("/accounts/password/reset/", form)
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": "x@example.org"})
    assert "account eve" in str(mail.outbox[0].body)


@pytest.mark.parametrize("known", [None, "x@example.org", "x+3@example.org", "x+7@example.org"])
def test_all_tagged_addresses_of_one_mailbox_share_five_reset_links_an_hour(
    clock: Clock, known: str | None
) -> None:
    if known:
        User.objects.create_user("eve", known)
    answers = []
    for number in range(12):
        clock(NOW + 60 * number)
        form = {"email": f"x+{number}@example.org"}
        answers.append(Client().post("/accounts/password/reset/", form).status_code)
    assert answers == [302] * 5 + [429] * 7
    assert len(mail.outbox) == 5


def test_a_mailbox_over_its_limit_gets_no_mail_and_no_error(as_ana: Client) -> None:
    """Otherwise a stranger could find out that the owner of the address signed up today."""
    for number in range(5):
        sign_up(f"dora{number}", "x@example.org")
    assert add(as_ana, "x@example.org").status_code == 302
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/"])
def test_one_network_can_send_at_most_300_mails_a_day_to_strangers(
    clock: Clock, settings: Any, path: str
) -> None:
    settings.DAILY_RATE_LIMITS = {
        name: {"ip": limits["ip"] // 100} for name, limits in settings.DAILY_RATE_LIMITS.items()
    }
    answers = []
    for minute in range(5):
        clock(NOW + 60 * minute)
        answers.append(Client().post(path, {"email": f"{minute}@example.org"}).status_code == 429)
    assert answers == [False] * 3 + [True] * 2
