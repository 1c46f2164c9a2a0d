"""A session begins anew on signing in, and ends when it should."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

PASSWORD, NEW = "a-long-enough-one", "quite-another-one"
type SignIn = Callable[[], Client]


@pytest.fixture
def sign_in(ana: User) -> SignIn:
    """Sign in as Ana, by the form."""
    User.objects.update(password=make_password(PASSWORD), email="ana@example.org", is_staff=True)

    def sign_in() -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
        assert is_signed_in(client)
        return client

    return sign_in


def is_signed_in(client: Client) -> bool:
    return client.get("/people/").status_code == 200


def test_a_session_from_before_signing_in_is_worth_nothing(sign_in: SignIn) -> None:
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


def test_a_name_that_a_stranger_made_up_is_no_session(sign_in: SignIn) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert client.cookies["sessionid"].value != "x" * 32
    assert not Session.objects.filter(session_key="x" * 32).exists()


def test_the_token_of_forms_is_another_after_signing_in(sign_in: SignIn) -> None:
    client = Client()
    client.get("/accounts/login/")
    before = client.cookies["csrftoken"].value
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert client.cookies["csrftoken"].value != before


def test_signing_out_ends_the_session_itself(sign_in: SignIn) -> None:
    client = sign_in()
    stolen = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=stolen).exists()
    client.cookies["sessionid"] = stolen
    assert not is_signed_in(client)


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/admin/password_change/"])
def test_a_new_password_ends_all_other_sessions(sign_in: SignIn, page: str) -> None:
    here, elsewhere = sign_in(), sign_in()
    old = {"oldpassword": PASSWORD, "old_password": PASSWORD}
    new = {"password1": NEW, "password2": NEW, "new_password1": NEW, "new_password2": NEW}
    assert here.post(page, old | new).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert elsewhere.post("/people/ana/follow/").status_code == 302
    assert elsewhere.get("/admin/").status_code == 302


def test_a_dead_session_learns_nothing_of_what_is_new(sign_in: SignIn, ana: User) -> None:
    dead = sign_in()
    User.objects.update(password=make_password(NEW))
    response = dead.get("/stream/?after=&told=0", headers={"HX-Request": "true"})
    assert response.content == b""


def test_deactivation_ends_all_sessions(sign_in: SignIn) -> None:
    one, other = sign_in(), sign_in()
    User.objects.update(is_active=False)
    for client in (one, other):
        assert not is_signed_in(client)
        assert client.get("/admin/").status_code == 302
    response = Client().post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert response["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in response.wsgi_request.session


def test_who_is_no_longer_of_the_staff_is_out_of_the_admin_at_once(sign_in: SignIn) -> None:
    client = sign_in()
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_a_link_to_a_new_password_works_once(sign_in: SignIn, mailoutbox: list[object]) -> None:
    thief = sign_in()
    Client().post("/accounts/password/reset/", {"email": "ana@example.org"})
    [mail] = mailoutbox
    link = str(mail.body).split("http://testserver")[1].split()[0]  # type: ignore[attr-defined]
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_signed_in(thief)
    assert "password1" not in Client().get(link, follow=True).text
