"""No other site can make a browser change anything, or pass for this one."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from people.models import Contact
from testing.url_patterns import url_patterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def victim(sessions: dict[str, str]) -> Client:
    """The browser of a staff member, with a CSRF token."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = sessions["staff"]
    assert client.get("/people/").cookies["csrftoken"].value
    return client


def token_of(client: Client) -> str:
    return client.cookies["csrftoken"].value


def test_every_form_without_its_token_is_refused(
    victim: Client, path: Callable[[str], str]
) -> None:
    # The signed key of this one is the permission.
    for url in map(path, sorted({*url_patterns()} - {"/unsubscribe/<key>/"})):
        # These redirect a signed-in person, and do nothing else.
        refused = 303 if url in {"/accounts/login/", "/accounts/signup/"} else 403
        assert victim.post(url).status_code == refused
        assert victim.post(url, {"csrfmiddlewaretoken": "x" * 64}).status_code == refused
        assert victim.delete(url).status_code == refused


def follow(client: Client, **headers: str) -> int:
    data = {"action": "follow", "csrfmiddlewaretoken": token_of(client)}
    is_secure = headers.pop("scheme", "") == "https"
    response = client.post("/people/ben/follow/", data, headers=headers, secure=is_secure)
    return response.status_code


def test_the_token_is_only_valid_with_its_cookie(victim: Client) -> None:
    assert follow(victim) == 303
    stranger = Client()
    stranger.get("/accounts/login/")
    victim_session = victim.cookies["sessionid"].value
    stolen = token_of(victim)
    victim.cookies = SimpleCookie({"sessionid": victim_session})
    data = {"action": "unfollow", "csrfmiddlewaretoken": stolen}
    assert victim.post("/people/ben/follow/", data).status_code == 403
    victim.cookies["csrftoken"] = token_of(stranger)
    assert victim.post("/people/ben/follow/", data).status_code == 403
    assert Contact.objects.filter(user_from__username="cleo").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"scheme": "https"},
        {"scheme": "https", "Referer": "https://evil.example/"},
        {"scheme": "https", "Referer": "http://testserver/"},
        {"scheme": "https", "Referer": "https://testserver@evil.example/"},
        {"scheme": "https", "Referer": "no address"},
        {"scheme": "https", "Origin": "http://testserver"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_token(
    victim: Client, headers: dict[str, str]
) -> None:
    assert follow(victim, **headers) == 403
    assert not Contact.objects.filter(user_from__username="cleo").exists()


def test_a_refused_form_gets_a_page_that_says_what_to_do(victim: Client) -> None:
    response = victim.post("/people/ben/follow/", {"action": "follow"})
    assert response.status_code == 403
    assert "reload the page" in response.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "evil.example:80",
        "testserver:80@evil.example",
        "testserver/evil.example",
        "testserver, evil.example",
        "testserver evil.example",
        "[::1",
        "",
        "x" * 5000,
    ],
)
def test_another_host_is_refused(client: Client, host: str) -> None:
    for url in ("/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/"):
        response = client.get(url, headers={"Host": host})
        assert response.status_code == 400
        assert "evil.example" not in response.text


def test_proxy_headers_do_not_change_links_in_mail(client: Client, ana: User) -> None:
    User.objects.update(email="ana@example.org")
    names = ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host", "Forwarded")
    headers = dict.fromkeys(names, "evil.example")
    client.post("/accounts/password/reset/", {"email": "ana@example.org"}, headers=headers)
    [reset] = mail.outbox
    assert f"{settings.SITE_URL}/accounts/password/reset/key/" in reset.body
    assert "evil.example" not in str(reset.message())


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_a_method_cannot_be_overridden(victim: Client, name: str) -> None:
    assert victim.get("/people/ben/follow/", headers={name: "POST"}).status_code == 405
    assert victim.get("/people/ben/follow/?_method=POST&action=follow").status_code == 405
    assert not Contact.objects.filter(user_from__username="cleo").exists()


def test_query_parameters_do_not_change_a_form(victim: Client) -> None:
    token = token_of(victim)
    form = {"action": "follow", "csrfmiddlewaretoken": token}
    response = victim.post("/people/ben/follow/?action=unfollow&next=/people/", form)
    assert response["Location"] == "/people/ben/"
    assert Contact.objects.filter(user_from__username="cleo").exists()
    query = {"action": "unfollow", "csrfmiddlewaretoken": token}
    assert victim.post("/people/ben/follow/", query_params=query).status_code == 403
    form = {"csrfmiddlewaretoken": token}
    assert victim.post("/people/ben/follow/?action=unfollow", form).status_code == 400
    assert Contact.objects.filter(user_from__username="cleo").exists()


def test_trace_is_refused(victim: Client, path: Callable[[str], str]) -> None:
    for url in map(path, url_patterns()):
        response = victim.trace(url, headers={"X-Secret": "4711"})
        assert response.status_code == 405
        assert "4711" not in response.text
