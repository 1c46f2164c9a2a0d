"""After the owner has set a new password, the old one gives nobody access to the account."""

import re
from collections.abc import Callable

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client, RequestFactory

from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
OWN, SECOND, PENDING = "ana@example.org", "thief@example.org", "another@example.org"
NEW = "quite-another-one"
TWICE = {"password1": NEW, "password2": NEW}


@pytest.fixture
def owned(ana: User) -> User:
    """Ana. A thief has added a confirmed and an unconfirmed address to her account."""
    User.objects.update(email=OWN, password=make_password(PASSWORD))
    EmailAddress.objects.create(user=ana, email=OWN, primary=True, verified=True)
    EmailAddress.objects.create(user=ana, email=SECOND, verified=True)
    EmailAddress.objects.create(user=ana, email=PENDING)
    return User.objects.get(pk=ana.pk)


@pytest.fixture
def pending(owned: User) -> str:
    """The link in the thief's mail, which confirms the unconfirmed address."""
    key = EmailConfirmationHMAC(EmailAddress.objects.get(email=PENDING)).key
    return f"/accounts/confirm-email/{key}/"


def sign_in(login: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": login, "password": password})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/people/").status_code == 200


def link_sent_to(email: str) -> str:
    """Request a password reset link, and return it, or "" if none is sent."""
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": email})
    [sent] = mail.outbox
    assert sent.to == [email]
    found = re.search(rf"{settings.SITE_URL}(/accounts/password/reset/key/\S+)", str(sent.body))
    return found[1] if found else ""


def use_link(link: str, password: str = NEW) -> Client:
    """Open a password reset link, and set a password if it still works."""
    client = Client()
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": password, "password2": password})
    return client


def change(path: str = "/accounts/password/change/") -> None:
    new = {"new_password1": NEW, "new_password2": NEW}
    old = {"oldpassword": PASSWORD, "old_password": PASSWORD}
    sign_in("ana", PASSWORD).post(path, TWICE | new | old)


def change_in_admin() -> None:
    User.objects.update(is_staff=True)
    change("/admin/password_change/")


def change_by_staff() -> None:
    staff = User.objects.create_superuser("staff")
    client = Client()
    client.force_login(staff)
    ana = User.objects.get(username="ana")
    client.post(f"/admin/auth/user/{ana.pk}/password/", TWICE | {"usable_password": "true"})


def change_by_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", "ana", verbosity=0)


def reset() -> None:
    use_link(link_sent_to(OWN))


CHANGES: list[Callable[..., None]] = [change, change_in_admin, change_by_staff, reset]


def notified() -> list[str]:
    """Return the recipients of the notice that the password was changed."""
    return [
        email for sent in mail.outbox if "password was changed" in sent.subject for email in sent.to
    ]


@pytest.mark.parametrize("change_password", CHANGES)
def test_a_new_password_ends_sessions_links_and_pending_confirmations(
    change_password: Callable[[], None], pending: str
) -> None:
    session, link = sign_in("ana", PASSWORD), link_sent_to(SECOND)
    change_password()
    assert User.objects.get(username="ana").check_password(NEW)
    assert not is_signed_in(session)
    assert "password1" not in Client().get(link, follow=True).text
    Client().post(pending)
    assert not EmailAddress.objects.filter(email=PENDING).exists()
    assert not is_signed_in(sign_in("ana", PASSWORD))


@pytest.mark.parametrize("change_password", [change, change_in_admin, change_by_staff])
def test_a_new_password_is_announced_to_all_addresses(
    change_password: Callable[[], None], owned: User
) -> None:
    change_password()
    assert notified() == [OWN, SECOND]


def test_a_new_password_from_the_command_line_is_announced_too(
    owned: User, pending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_by_command(monkeypatch)
    assert notified() == [OWN, SECOND]
    assert Client().get(pending).status_code == 200
    assert not EmailAddress.objects.filter(email=PENDING).exists()


def test_a_reset_keeps_only_the_address_that_got_the_link_and_notifies_the_others(
    owned: User,
) -> None:
    reset()
    [kept] = EmailAddress.objects.filter(user=owned)
    assert (kept.email, kept.primary, kept.verified) == (OWN, True, True)
    assert notified() == [OWN]
    removed = [sent for sent in mail.outbox if "removed" in sent.subject]
    assert [sent.to for sent in removed] == [[OWN], [SECOND]]
    assert all(SECOND in sent.body for sent in removed)


def test_after_a_reset_other_addresses_cannot_sign_in_or_get_a_link(
    owned: User, pending: str
) -> None:
    reset()
    assert link_sent_to(SECOND) == ""
    assert link_sent_to(PENDING) == ""
    assert not is_signed_in(sign_in(SECOND, NEW))
    assert is_signed_in(sign_in(OWN, NEW))


def test_the_owner_can_reset_even_if_the_thief_changed_the_primary_address(
    owned: User,
) -> None:
    EmailAddress.objects.get(email=SECOND).set_as_primary()
    reset()
    assert User.objects.get(pk=owned.pk).email == OWN
    assert link_sent_to(SECOND) == ""
    assert is_signed_in(sign_in(OWN, NEW))


def test_using_one_of_two_links_ends_the_other(owned: User) -> None:
    theirs, own = link_sent_to(SECOND), link_sent_to(OWN)
    use_link(own)
    assert not is_signed_in(use_link(theirs, "a-third-one-of-theirs"))
    assert User.objects.get(pk=owned.pk).check_password(NEW)


def test_a_confirmation_that_comes_too_late_confirms_nothing(
    owned: User, rf: RequestFactory
) -> None:
    address = EmailAddress.objects.get(email=PENDING)
    change()
    assert not get_adapter().confirm_email(rf.post("/"), address)
    assert not EmailAddress.objects.filter(email=PENDING).exists()


def test_only_one_of_two_people_can_confirm_an_address_at_once(
    owned: User, ben: User, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each request checks this before the other one has finished.
    monkeypatch.setattr(EmailAddress, "can_set_verified", lambda self: True)
    address = EmailAddress.objects.create(user=ben, email=SECOND)
    assert not get_adapter().confirm_email(rf.post("/"), address)
    assert EmailAddress.objects.get(email=SECOND, verified=True).user == owned


def test_an_unconfirmed_primary_address_is_kept_but_its_old_link_ends(ana: User) -> None:
    User.objects.update(email=OWN, password=make_password(PASSWORD))
    address = EmailAddress.objects.create(user=ana, email=OWN, primary=True)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"
    change()
    assert notified() == [OWN]
    assert Client().post(link).status_code == 404
    [address] = EmailAddress.objects.filter(user=ana)
    assert (address.email, address.primary, address.verified) == (OWN, True, False)
    assert link_sent_to(OWN)


def test_rehashing_a_password_on_signing_in_ends_nothing_and_sends_no_mail(owned: User) -> None:
    old = make_password(PASSWORD, hasher="pbkdf2_sha1")
    User.objects.update(password=old)
    assert is_signed_in(sign_in("ana", PASSWORD))
    assert User.objects.get(pk=owned.pk).password != old
    assert mail.outbox == []
    assert EmailAddress.objects.filter(user=owned).count() == 3
