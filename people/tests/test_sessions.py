"""A session begins when a person signs in, and ends when it should."""

import re
from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from math import log2

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from stream.record import create_action
from testing.fixtures.people import PASSWORD

NEW = "quite-another-one"
type SignIn = Callable[[], Client]


@pytest.fixture
def sign_in_ana(ana: User) -> SignIn:
    """Sign in as Ana with the form."""
    User.objects.update(password=make_password(PASSWORD), email="ana@example.org", is_staff=True)

    def sign_in_ana() -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
        assert is_signed_in(client)
        return client

    return sign_in_ana


def is_signed_in(client: Client) -> bool:
    return client.get("/people/").status_code == 200


def test_signing_in_replaces_an_earlier_session(sign_in_ana: SignIn) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert is_signed_in(client)
    assert client.cookies["sessionid"].value != session.session_key
    client.cookies = SimpleCookie({"sessionid": str(session.session_key)})
    assert not is_signed_in(client)


def test_a_made_up_session_key_is_not_accepted(sign_in_ana: SignIn) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert client.cookies["sessionid"].value != "x" * 32
    assert not Session.objects.filter(session_key="x" * 32).exists()


def test_signing_in_changes_the_csrf_token(sign_in_ana: SignIn) -> None:
    client = Client()
    client.get("/accounts/login/")
    before = client.cookies["csrftoken"].value
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert client.cookies["csrftoken"].value != before


def test_signing_out_deletes_the_session(sign_in_ana: SignIn) -> None:
    client = sign_in_ana()
    stolen = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=stolen).exists()
    client.cookies["sessionid"] = stolen
    assert not is_signed_in(client)


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/admin/password_change/"])
def test_a_new_password_ends_all_other_sessions(sign_in_ana: SignIn, page: str) -> None:
    here, elsewhere = sign_in_ana(), sign_in_ana()
    old = {"oldpassword": PASSWORD, "old_password": PASSWORD}
    new = {"password1": NEW, "password2": NEW, "new_password1": NEW, "new_password2": NEW}
    assert here.post(page, old | new).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert elsewhere.post("/people/ana/follow/").status_code == 302
    assert elsewhere.get("/admin/").status_code == 302


def test_an_ended_session_gets_no_new_activity(sign_in_ana: SignIn, ana: User, ben: User) -> None:
    ended = sign_in_ana()
    User.objects.update(password=make_password(NEW))

    def poll() -> tuple[int, str, bytes]:
        """Return the response to an open page that polls for new activity."""
        client = Client()
        client.cookies["sessionid"] = ended.cookies["sessionid"].value
        url = "/stream/new/?after=&shown=0&everyone=1"
        with transaction.atomic():
            response = client.get(url, headers={"HX-Request": "true"})
            # This also ends the session in the database.
            transaction.set_rollback(True)
        return response.status_code, response.get("HX-Redirect", ""), response.content

    before = poll()
    assert before[1].startswith("/accounts/login/")
    create_action(ben, "is following", ana)
    assert poll() == before


def test_deactivation_ends_all_sessions(sign_in_ana: SignIn) -> None:
    one, other = sign_in_ana(), sign_in_ana()
    User.objects.update(is_active=False)
    for client in (one, other):
        assert not is_signed_in(client)
        assert client.get("/admin/").status_code == 302
    response = Client().post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert response["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in response.wsgi_request.session


def test_leaving_the_staff_ends_access_to_the_admin_at_once(sign_in_ana: SignIn) -> None:
    client = sign_in_ana()
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_session_keys_cannot_be_guessed(sign_in_ana: SignIn) -> None:
    keys = {sign_in_ana().cookies["sessionid"].value for _ in range(5)}
    assert len(keys) == 5
    for key in keys:
        # Each character is one of 36.
        assert re.fullmatch("[0-9a-z]{25,}", key)
        assert log2(36) * len(key) >= 128


def test_a_session_ends_after_two_weeks_however_much_it_is_used(sign_in_ana: SignIn) -> None:
    client = sign_in_ana()
    begun = Session.objects.get()
    assert begun.expire_date - timezone.now() <= timedelta(days=14)
    for url in ("/people/", "/settings/", "/stream/"):
        assert "sessionid" not in client.get(url).cookies
    client.post("/profile/", {"first_name": "Ana"})
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert Session.objects.get().expire_date == begun.expire_date
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(client)


@pytest.mark.parametrize("begun_by", ["signing in", "signing up"])
def test_writing_to_a_session_does_not_prolong_it(sign_in_ana: SignIn, begun_by: str) -> None:
    client = Client()
    if begun_by == "signing in":
        client = sign_in_ana()
    else:
        new = {"username": "dora", "email": "dora@example.org"}
        client.post("/accounts/signup/", new | {"password1": NEW, "password2": NEW})
    begun = Session.objects.get()
    form = {"action_add": "", "email": "another@example.org"}
    assert "reauthenticate" in client.post("/accounts/email/", form)["Location"]
    written = Session.objects.get()
    assert written.session_data != begun.session_data
    assert abs(written.expire_date - begun.expire_date) < timedelta(milliseconds=1)


def test_every_page_has_a_button_to_sign_out(sign_in_ana: SignIn) -> None:
    client = sign_in_ana()
    pages = ["/", "/stream/", "/people/", "/people/ana/", "/settings/", "/images/", "/images/add/"]
    pages += ["/accounts/email/", "/accounts/password/change/", "/admin/", "/admin/auth/user/"]
    User.objects.update(is_superuser=True)
    for page in [*pages, "/nowhere/", "/images/bookmarklet/", "/people/?before=x"]:
        html = LexborHTMLParser(client.get(page).text)
        form = html.css_first("form[action$='/logout/']")
        assert form, page
        assert form.attributes["method"] == "post"
        assert form.css_first("button[type=submit]"), page


def test_signing_out_clears_the_browsers_cache(sign_in_ana: SignIn) -> None:
    for page in ("/accounts/logout/", "/admin/logout/"):
        assert sign_in_ana().post(page)["Clear-Site-Data"] == '"cache"'
    ended = sign_in_ana()
    Session.objects.all().delete()
    assert ended.get("/people/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in sign_in_ana().get("/people/").headers
    assert "Clear-Site-Data" not in Client().get("/").headers


def test_the_key_of_a_reset_link_is_in_no_page_and_no_url(
    sign_in_ana: SignIn, mailoutbox: list[object]
) -> None:
    Client().post("/accounts/password/reset/", {"email": "ana@example.org"})
    [mail] = mailoutbox
    link = str(mail.body).split(settings.SITE_URL)[1].split()[0]  # type: ignore[attr-defined]
    key = link.rstrip("/").partition("-")[2]
    client = Client()
    # The address of the form does not work without the link's session.
    form = client.get(link)["Location"]
    assert key not in form
    assert key not in client.get(form).text
    assert "password1" in client.get(form).text
    assert "password1" not in Client().get(form).text
    Client().post(form, {"password1": NEW, "password2": NEW})
    assert not User.objects.get().check_password(NEW)


def test_a_reset_link_works_once(sign_in_ana: SignIn, mailoutbox: list[object]) -> None:
    thief = sign_in_ana()
    Client().post("/accounts/password/reset/", {"email": "ana@example.org"})
    [mail] = mailoutbox
    link = str(mail.body).split(settings.SITE_URL)[1].split()[0]  # type: ignore[attr-defined]
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_signed_in(thief)
    assert "password1" not in Client().get(link, follow=True).text
