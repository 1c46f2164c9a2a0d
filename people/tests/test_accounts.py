"""Signing up, signing in and out, and the pages around them."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client

from stream.models import Action
from testing.fixtures.people import PASSWORD
from testing.markup import has

FORM = {
    "username": "dora",
    "email": "dora@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(client: Client) -> User:
    client.post("/accounts/signup/", FORM)
    client.post("/accounts/logout/")
    return User.objects.get(username="dora")


def test_signing_up_creates_an_account_signs_in_and_records_an_action(client: Client) -> None:
    response = client.post("/accounts/signup/", FORM, follow=True)
    assert response.redirect_chain == [("/welcome/profile/", 302)]
    dora = User.objects.get(username="dora")
    assert response.wsgi_request.user == dora
    assert dora.profile
    assert list(Action.objects.values_list("user", "verb", "target_id")) == [
        (dora.pk, "has created an account", None)
    ]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("username", "..", "one at a time"),
        ("username", "an\u202ea", "letters and digits"),
        ("username", "аna", "different alphabets"),
        ("username", "BEN", "already"),
        ("username", "Admin", "is reserved"),
        ("email", "nobody", "valid email"),
        ("password1", "short", "too short"),
        ("password2", "another-one", "same password"),
    ],
)
def test_an_error_is_explained_and_the_input_is_kept(
    client: Client, ben: User, field: str, value: str, reason: str
) -> None:
    response = client.post("/accounts/signup/", FORM | {field: value})
    assert reason in response.text
    typed = {"username": "dora", "email": "dora@example.org"} | {field: value}
    assert f'value="{typed["username"]}"' in response.text
    assert f'value="{typed["email"]}"' in response.text
    assert User.objects.count() == 1
    assert not Action.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_concurrent_sign_ups_gets_the_username() -> None:
    def sign_up(number: int) -> Any:
        other = {"email": f"dora{number}@example.org"}
        try:
            return Client().post("/accounts/signup/", FORM | other)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(sign_up, range(4)))
    assert sorted(response.status_code for response in responses) == [200, 200, 200, 302]
    assert User.objects.count() == 1
    refused = [response.text for response in responses if response.status_code == 200]
    assert all("already" in text for text in refused)


@pytest.mark.parametrize("login", ["dora", "DORA", "dora@example.org"])
def test_people_sign_in_by_username_or_email_and_reach_the_next_page(
    client: Client, dora: User, login: str
) -> None:
    EmailAddress.objects.update(verified=True)
    form = {"login": login, "password": PASSWORD, "next": "/people/"}
    response = client.post("/accounts/login/", form)
    assert response["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/confirm-email/x/"])
def test_an_invalid_next_is_ignored(client: Client, dora: User, url: str) -> None:
    client.force_login(dora)
    assert client.get(url, {"next": "http://[::1"}).status_code < 500
    client.logout()
    form = {"login": "dora", "password": PASSWORD, "next": "http://[::1"}
    assert client.post("/accounts/login/", form)["Location"] == "/"


@pytest.mark.parametrize("typed", ["คำแก้ว", "ОЛЬГА"])
def test_people_can_sign_in_with_a_username_as_they_typed_it_when_signing_up(
    client: Client, typed: str
) -> None:
    client.post("/accounts/signup/", FORM | {"username": typed})
    client.post("/accounts/logout/")
    for login in (typed, typed.lower()):
        response = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert response.status_code == 302
        client.post("/accounts/logout/")


def test_a_wrong_password_is_an_error(client: Client, dora: User) -> None:
    response = client.post("/accounts/login/", {"login": "dora", "password": "wrong"})
    assert "Wrong username or password" in response.text
    assert 'value="dora"' in response.text


def test_inactive_people_cannot_sign_in(client: Client, dora: User) -> None:
    User.objects.filter(pk=dora.pk).update(is_active=False)
    response = client.post("/accounts/login/", {"login": "dora", "password": PASSWORD})
    assert response["Location"] == "/accounts/inactive/"


def test_signing_out_requires_post(as_ana: Client) -> None:
    assert as_ana.get("/accounts/logout/").status_code == 200
    assert as_ana.get("/people/").status_code == 200
    assert as_ana.post("/accounts/logout/")["Location"] == "/"
    assert as_ana.get("/people/").status_code == 302


def test_a_forgotten_password_can_be_reset_by_email(client: Client, dora: User) -> None:
    mail.outbox.clear()
    client.post("/accounts/password/reset/", {"email": "dora@example.org"})
    link = re.search(rf"{settings.SITE_URL}(/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    form = {"password1": "quite-another-one", "password2": "quite-another-one"}
    client.post(page.redirect_chain[-1][0], form)
    assert User.objects.get(username="dora").check_password("quite-another-one")


def test_a_password_can_be_changed(client: Client, dora: User) -> None:
    client.force_login(dora)
    new = "quite-another-one"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", form)
    assert User.objects.get(username="dora").check_password(new)


def test_printed_mail_is_plain_text_that_names_magpie(
    client: Client, dora: User, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "web.mail.TerminalBackend"}}
    client.post("/accounts/password/reset/", {"email": "dora@example.org"})
    printed = capsys.readouterr().out
    assert "To: dora@example.org" in printed
    assert "new password for the account dora on Magpie" in printed
    link = re.escape(settings.SITE_URL)
    assert re.search(rf"^{link}/accounts/password/reset/key/\S+/$", printed, re.MULTILINE)


def test_a_second_email_address_can_be_added(client: Client, dora: User) -> None:
    client.force_login(dora)
    form = {"action_add": "", "email": "d@example.org"}
    location = client.post("/accounts/email/", form)["Location"]
    client.post(location, {"password": PASSWORD})
    assert EmailAddress.objects.filter(user=dora).count() == 2


@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "logout/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-x/",
        "password/change/",
        "email/",
        "confirm-email/",
        "confirm-email/x/",
        "inactive/",
        "reauthenticate/",
    ],
)
def test_every_account_page_has_the_layout_of_the_site(
    client: Client, dora: User, page: str
) -> None:
    if page in {"logout/", "password/change/", "email/", "reauthenticate/"}:
        client.force_login(dora)
    html = client.get(f"/accounts/{page}", follow=True).text
    assert '<header class="site-header">' in html
    assert html.count("<h1>") == 1
    assert "<title>" in html
    assert "<style" not in html
    assert all(" src=" in script for script in html.split("<script")[1:])


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_labels_are_not_repeated_by_placeholders(client: Client, db: None, page: str) -> None:
    html = client.get(f"/accounts/{page}/").text
    assert has(html, "label")
    assert not has(html, "[placeholder]")


def test_guessing_passwords_is_slowed_down(client: Client, dora: User) -> None:
    for _ in range(6):
        response = client.post("/accounts/login/", {"login": "dora", "password": "guess"})
    # Every page also contains a similar message, which scripts show after a 429.
    assert "Wait five minutes" in response.text
