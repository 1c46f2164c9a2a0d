"""A person is deleted or deactivated while their new password is being hashed."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from people import deletion
from people.deactivation import deactivate
from people.tokens import ResetTokens
from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "quite-another-one"
FIELDS = {"password1": NEW, "password2": NEW, "new_password1": NEW, "new_password2": NEW}
FIELDS |= {"oldpassword": PASSWORD, "old_password": PASSWORD, "usable_password": "true"}
type Send = Callable[[], int]


@pytest.fixture
def owner(ana: User) -> User:
    """Ana, who has a password, an address and a role in the admin."""
    ana.set_password(PASSWORD)
    ana.email, ana.is_staff = "ana@example.org", True
    ana.save()
    EmailAddress.objects.create(user=ana, email=ana.email, primary=True, verified=True)
    mail.outbox.clear()
    return User.objects.get(pk=ana.pk)


def change(owner: User) -> tuple[str, Client]:
    client = Client()
    client.force_login(owner)
    return "/accounts/password/change/", client


def change_in_admin(owner: User) -> tuple[str, Client]:
    return "/admin/password_change/", change(owner)[1]


def change_by_staff(owner: User) -> tuple[str, Client]:
    staff = User.objects.create_superuser("staff")
    return f"/admin/auth/user/{owner.pk}/password/", change(staff)[1]


def reset(owner: User) -> tuple[str, Client]:
    client = Client()
    key = f"{user_pk_to_url_str(owner)}-{ResetTokens(owner.email).make_token(owner)}"
    form = client.get(f"/accounts/password/reset/key/{key}/", follow=True).request["PATH_INFO"]
    return form, client


@pytest.fixture(params=[change, change_in_admin, change_by_staff, reset])
def send(request: pytest.FixtureRequest, owner: User) -> Send:
    """Return a function that sends a form with a new password, and returns the status."""
    path, client = request.param(owner)
    return lambda: client.post(path, FIELDS).status_code


@pytest.fixture
def while_hashing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Return a function that lets something happen while a new password is hashed."""
    hash_password = User.set_password

    def while_hashing(act: Callable[[], object]) -> None:
        def set_password(user: User, raw: str | None) -> None:
            hash_password(user, raw)
            act()

        monkeypatch.setattr(User, "set_password", set_password)

    return while_hashing


def test_a_new_password_does_not_make_a_deleted_person_again(
    owner: User, send: Send, while_hashing: Callable[[Callable[[], object]], None]
) -> None:
    while_hashing(lambda: deletion.delete_people([owner]))
    assert send() == 404
    assert not User.objects.filter(username="ana").exists()
    assert mail.outbox == []


def test_a_new_password_does_not_undo_a_deactivation(
    owner: User, send: Send, while_hashing: Callable[[Callable[[], object]], None]
) -> None:
    while_hashing(lambda: deactivate([owner]))
    assert send() == 302
    ana = User.objects.get(pk=owner.pk)
    assert ana.check_password(NEW)
    assert not ana.is_active


def test_a_new_password_does_not_stop_a_deletion(
    owner: User,
    send: Send,
    while_hashing: Callable[[Callable[[], object]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finish = deletion.finish
    with monkeypatch.context() as patch:
        patch.setattr(deletion, "finish", lambda key: False)
        while_hashing(lambda: deletion.delete_people([owner]))
        send()
    assert finish(owner.pk)
    assert not User.objects.filter(username="ana").exists()
