"""People end the weekly mail by a link in it, without signing in."""

from collections.abc import Callable
from email.policy import SMTP

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer
from django.test import Client
from pytest_django import Settings

from home.tests.digests import Queue, digests_of, want_digest
from images.models import Image
from people.deactivation import deactivate
from people.models import Profile
from testing.markup import has


@pytest.fixture
def headers(queue: Queue, ana: User, ben: User, bookmark: Callable[..., Image]) -> dict[str, str]:
    """The headers of a weekly mail to Ana."""
    want_digest(ana)
    bookmark(ana, "A bird").like(ben)
    [sent] = digests_of(ana, queue)
    lines = sent.message(policy=SMTP).as_bytes().decode().split("\r\n\r\n")[0].split("\r\n")
    return dict(line.split(": ", 1) for line in lines if ": " in line)


@pytest.fixture
def path(headers: dict[str, str], settings: Settings) -> str:
    address = headers["List-Unsubscribe"].strip("<>")
    return "/" + address.split("/", 3)[3]


def test_its_address_is_in_the_mail_as_it_is(headers: dict[str, str], settings: Settings) -> None:
    assert headers["List-Unsubscribe"].startswith(f"<{settings.SITE_URL}/unsubscribe/")
    assert headers["List-Unsubscribe"].endswith("/>")


def gets_mail() -> bool:
    return Profile.objects.get(user__username="ana").weekly_digest


@pytest.fixture
def visitor() -> Client:
    """A signed-out browser, or a mail program, which sends no token."""
    return Client(enforce_csrf_checks=True)


def test_opening_the_link_only_asks(visitor: Client, path: str) -> None:
    for _ in range(2):
        response = visitor.get(path)
        assert response.status_code == 200
        assert has(response.text, "main form")
        visitor.head(path)
    assert gets_mail()


def test_pressing_the_button_ends_it_at_once_and_twice_is_fine(visitor: Client, path: str) -> None:
    for _ in range(2):
        response = visitor.post(path)
        assert response.status_code == 200
        assert not gets_mail()
    assert not has(visitor.get(path).text, "main form")


def test_a_mail_program_ends_it_with_one_request(
    visitor: Client, headers: dict[str, str], path: str
) -> None:
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = "List-Unsubscribe=One-Click"
    response = visitor.post(path, body, content_type="application/x-www-form-urlencoded")
    # It follows no redirect.
    assert response.status_code == 200
    assert not gets_mail()


def test_it_ends_only_that_person_s_mail(visitor: Client, path: str, ben: User) -> None:
    want_digest(ben)
    visitor.post(path)
    assert Profile.objects.get(user=ben).weekly_digest


def test_a_viewer_who_is_signed_in_to_another_account_ends_the_mail_of_the_link(
    visitor: Client, path: str, ben: User
) -> None:
    want_digest(ben)
    visitor.force_login(ben)
    visitor.post(path)
    assert not gets_mail()
    assert Profile.objects.get(user=ben).weekly_digest


@pytest.mark.parametrize("salt", ["home.unsubscribe.x", "django.core.signing.Signer"])
def test_a_key_that_is_not_signed_for_this_changes_nothing(
    visitor: Client, path: str, ana: User, salt: str
) -> None:
    for key in (str(ana.pk), Signer(salt=salt).sign(str(ana.pk)), path.split("/")[-2] + "x"):
        for ask in (visitor.get, visitor.post):
            assert ask(f"/unsubscribe/{key}/").status_code == 404
    assert gets_mail()


def test_a_deactivated_person_has_no_page(visitor: Client, path: str, ana: User) -> None:
    deactivate([ana])
    assert visitor.get(path).status_code == 404


def test_somebody_deleted_meanwhile_gets_no_mail(
    visitor: Client, path: str, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Profile.objects.get(user=ana)
    ana.delete()
    monkeypatch.setattr("home.unsubscribe.get_object_or_404", lambda *args, **keys: found)
    assert visitor.post(path).status_code == 200
