"""No link, form or header of a stranger leads away from the site."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from images.models import Image
from testing.fixtures.people import PASSWORD

ELSEWHERE = [
    "//evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:///evil.example",
    "https://evil.example",
    "HTTPS://evil.example/people/",
    "https://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://testserver\\@evil.example/",
    "http://evil.example#testserver",
    "https://täst.example/",
    "http://testserver。evil.example/",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "\tjavascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "\x00//evil.example",
    "http://[",
]
WITH_HEADERS = [
    "/people/\r\nSet-Cookie: stolen=1",
    "/people/\nSet-Cookie: stolen=1",
    "/people/\r\n\r\n<script>alert(1)</script>",
    "/people/%0d%0aSet-Cookie: stolen=1",
    "/people/\u560d\u560aSet-Cookie: stolen=1",
    "http://testserver/people/\r\nSet-Cookie: stolen=1",
]
# The control characters that browsers drop anywhere in a URL, and those they strip at its ends.
DROPPED = dict.fromkeys(map(ord, "\t\r\n"))
STRIPPED = "".join(map(chr, range(33)))
type Send = Callable[[str], Any]

pytestmark = pytest.mark.django_db


def leads_to(response: Any) -> str:
    """Return the target of a redirect, as browsers read it."""
    url = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    return str(url).strip(STRIPPED).translate(DROPPED).replace("\\", "/")


def signed_in() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="cleo"))
    return client


def link(client: Callable[[], Client], path: str) -> Send:
    return lambda url: client().get(path, {"next": url})


def form(client: Callable[[], Client], path: str, **data: str) -> Send:
    return lambda url: client().post(path, data | {"next": url})


def query(client: Callable[[], Client], path: str, **data: str) -> Send:
    return lambda url: client().post(f"{path}?{urlencode({'next': url})}", data)


def header(name: str, method: str, path: str, *more: str) -> Send:
    headers = dict.fromkeys(more, "true")
    return lambda url: Client().generic(method, path, headers={**headers, name: url})


@pytest.fixture
def requests(owner: User, image: Image) -> dict[str, Send]:
    """Return functions that send a request with the URL to redirect to, by a description."""
    User.objects.update(password=make_password(PASSWORD))
    password = {"password": PASSWORD}
    login = password | {"login": "ana"}
    new = {"username": "dora", "email": "dora@example.org"}
    new |= {"password1": PASSWORD, "password2": PASSWORD}
    like, follow = f"/images/{image.pk}/like/", "/people/ana/follow/"
    out = Client

    return {
        "signing in": form(out, "/accounts/login/", **login),
        "signing in at": query(out, "/accounts/login/", **login),
        "signing in already": link(signed_in, "/accounts/login/"),
        "signing up": form(out, "/accounts/signup/", **new),
        "signing up at": query(out, "/accounts/signup/", **new),
        "signing up already": link(signed_in, "/accounts/signup/"),
        "signing out": form(signed_in, "/accounts/logout/"),
        "signing out at": query(signed_in, "/accounts/logout/"),
        "resetting": form(out, "/accounts/password/reset/", email="ana@example.org"),
        "signing in again": form(signed_in, "/accounts/reauthenticate/", **password),
        "choosing a language": form(out, "/language/", language="de"),
        "choosing a language at": query(out, "/language/", language="de"),
        "choosing a language on": header("Referer", "POST", "/language/"),
        "liking": form(signed_in, like, action="like"),
        "liking signed out": form(out, like, action="like"),
        "following": form(signed_in, follow, action="follow"),
        "following signed out": form(out, follow, action="follow"),
        "reading signed out": link(out, "/people/"),
        "reading with htmx": header("HX-Current-URL", "GET", "/stream/", "HX-Request"),
        "liking with htmx": header("HX-Current-URL", "POST", like, "HX-Request"),
        "entering the admin": link(out, "/admin/login/"),
        "entering the admin already": link(signed_in, "/admin/login/"),
    }


def answers(requests: dict[str, Send], url: str) -> dict[str, Any]:
    """Return the response to each request. Roll back after each."""
    got = {}
    for name, send in requests.items():
        with transaction.atomic():
            got[name] = send(url)
            transaction.set_rollback(True)
    return got


def test_every_request_redirects_within_the_site(requests: dict[str, Send]) -> None:
    for name, answer in answers(requests, "http://testserver/people/?before=").items():
        # A link to a page leads through the login back to itself, with its query.
        assert "/people/" in unquote(leads_to(answer)), name


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_request_redirects_to_another_site(requests: dict[str, Send], url: str) -> None:
    for name, answer in answers(requests, url).items():
        assert answer.status_code in {200, 302, 303, 400}, name
        assert re.match(r"/(?!/)|$", leads_to(answer)), name


@pytest.mark.parametrize("url", WITH_HEADERS)
def test_no_request_adds_a_header_to_its_response(requests: dict[str, Send], url: str) -> None:
    for name, answer in answers(requests, url).items():
        assert answer.status_code in {200, 302, 303, 400}, name
        assert "stolen" not in answer.cookies, name
        assert not [value for value in answer.headers.values() if set("\r\n") & set(value)], name
