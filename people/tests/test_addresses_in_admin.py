"""An address that the staff or a script sets replaces all others."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

OLD, SECOND, NEW = "ana@example.org", "ana@example.net", "ana@example.com"


@pytest.fixture
def owned(ana: User) -> User:
    """Ana, who has confirmed two addresses."""
    User.objects.filter(pk=ana.pk).update(email=OLD)
    EmailAddress.objects.create(user=ana, email=OLD, primary=True, verified=True)
    EmailAddress.objects.create(user=ana, email=SECOND, verified=True)
    return User.objects.get(pk=ana.pk)


def save_user_in_admin(client: Client, user: User, email: str) -> None:
    data = {"username": "ana", "email": email, "is_active": "on"}
    data |= {"date_joined_0": "2026-11-22", "date_joined_1": "12:00"}
    assert client.post(f"/admin/auth/user/{user.pk}/change/", data).status_code == 302


def save_address_in_admin(client: Client, user: User, email: str) -> None:
    pk = EmailAddress.objects.get(user=user, primary=True).pk
    data = {"user": user.pk, "email": email, "verified": "on", "primary": "on"}
    url = f"/admin/account/emailaddress/{pk}/change/"
    assert client.post(url, data).status_code == 302


def save_user(client: Client, user: User, email: str) -> None:
    user.email = email
    user.save()


def is_reset_by(email: str) -> bool:
    """Return whether an address receives a password reset link."""
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": email})
    return bool(re.search("/password/reset/key/", str(mail.outbox[0].body)))


@pytest.mark.parametrize("save", [save_user_in_admin, save_user])
def test_a_replaced_address_gets_no_reset_link(
    admin_client: Client, owned: User, save: Callable[..., None]
) -> None:
    save(admin_client, owned, NEW.replace("ana", "Ana"))
    [address] = EmailAddress.objects.filter(user=owned)
    assert (address.email, address.primary, address.verified) == (NEW, True, False)
    assert User.objects.get(pk=owned.pk).email == NEW
    assert not is_reset_by(OLD)
    assert not is_reset_by(SECOND)
    assert is_reset_by(NEW)


def test_an_address_replaced_in_its_own_row_gets_no_reset_link(
    admin_client: Client, owned: User
) -> None:
    save_address_in_admin(admin_client, owned, NEW)
    assert User.objects.get(pk=owned.pk).email == NEW
    assert not is_reset_by(OLD)
    assert is_reset_by(NEW)


def test_a_deleted_or_emptied_address_gets_no_reset_link(admin_client: Client, owned: User) -> None:
    pk = EmailAddress.objects.get(email=SECOND).pk
    admin_client.post(f"/admin/account/emailaddress/{pk}/delete/", {"post": "yes"})
    assert not is_reset_by(SECOND)
    save_user_in_admin(admin_client, owned, "")
    assert not EmailAddress.objects.filter(user=owned).exists()
    assert not is_reset_by(OLD)


def test_deleting_the_primary_address_clears_it_on_the_user(
    admin_client: Client, owned: User
) -> None:
    pk = EmailAddress.objects.get(email=OLD).pk
    admin_client.post(f"/admin/account/emailaddress/{pk}/delete/", {"post": "yes"})
    assert User.objects.get(pk=owned.pk).email == ""
    assert not is_reset_by(OLD)
    assert is_reset_by(SECOND)
    EmailAddress.objects.all().delete()
    assert not is_reset_by(SECOND)


def test_saving_other_fields_leaves_addresses_alone(admin_client: Client, owned: User) -> None:
    save_user_in_admin(admin_client, owned, OLD)
    assert EmailAddress.objects.filter(user=owned, verified=True).count() == 2


def test_the_old_and_the_new_address_are_notified(
    admin_client: Client,
    owned: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        save_user_in_admin(admin_client, owned, NEW)
    assert [sent.to for sent in mail.outbox] == [[OLD], [SECOND], [NEW]]
    assert all(NEW in sent.body for sent in mail.outbox)


def test_deactivated_people_get_no_reset_link(owned: User) -> None:
    User.objects.filter(pk=owned.pk).update(is_active=False)
    assert not is_reset_by(OLD)
    other = User.objects.create(username="ben", email=OLD)
    EmailAddress.objects.create(user=other, email=OLD, primary=True)
    assert not is_reset_by(OLD)
