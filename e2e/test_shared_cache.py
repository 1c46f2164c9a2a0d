"""Behind a cache that many people share, nobody gets another person's response."""

import re
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest
import urllib3
from django.contrib.auth.models import User
from django.templatetags.static import static
from django.test import Client

from images.models import Image
from tools.servers.nginx import caching

type Ask = Callable[..., Any]
# It keeps all that does not forbid it for as long as a test takes, even what sets cookies.
GREEDY = "proxy_cache_valid any 10m; proxy_ignore_headers Set-Cookie;"
USUAL = "proxy_cache_valid any 10m;"
HTMX = {"HX-Request": "true"}
TOKEN = re.compile(rb'csrfmiddlewaretoken" value="\w+')


def asking(url: str, pool: urllib3.PoolManager) -> Ask:
    return lambda path, headers: pool.request("GET", url + path, headers=headers, redirect=False)


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager() as pool:
        yield pool


@pytest.fixture
def ask(site_url: str, pool: urllib3.PoolManager) -> Iterator[Ask]:
    """Send requests through a cache that starts empty."""
    with caching(site_url, GREEDY) as proxy:
        yield asking(proxy, pool)


@pytest.fixture
def ask_site(site_url: str, pool: urllib3.PoolManager) -> Ask:
    """Send requests without a cache."""
    return asking(site_url, pool)


def session(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


@pytest.fixture
def askers(ana: User, ben: User) -> dict[str, dict[str, str]]:
    """Return headers by a text that is in the responses to them, and in no others."""
    return {
        'popovertarget="menu"><bdi>Ana Silva<': session(ana),
        'popovertarget="menu"><bdi>Ben Okafor<': session(ben),
        '<html lang="en"': {},
        '<html lang="de"': {"Accept-Language": "de"},
    }


def is_cached(response: Any) -> bool:
    return bool(response.headers["X-Cache"] == "HIT")


@pytest.mark.parametrize("path", ["/", "/people/", "/nowhere/"])
def test_public_responses_are_cached(
    ask: Ask, askers: dict[str, dict[str, str]], path: str
) -> None:
    for headers in askers.values():
        assert [is_cached(ask(path, headers)) for _ in range(2)] == [False, True]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/people/", "/nowhere/"])
def test_people_never_get_the_page_of_another(
    ask: Ask, ask_site: Ask, askers: dict[str, dict[str, str]], path: str
) -> None:
    alone = {mark: ask_site(path, headers) for mark, headers in askers.items()}
    for order in permutations(askers):
        for mark in order:
            told = ask(path, askers[mark])
            assert told.status == alone[mark].status
            assert marks(told, askers) == marks(alone[mark], askers)


def marks(response: Any, askers: dict[str, dict[str, str]]) -> list[str]:
    return [mark for mark in askers if mark in response.data.decode()]


@pytest.mark.parametrize("first", [{}, HTMX])
@pytest.mark.parametrize("path", ["/stream/", "/people/", "/images/add/", "/people/ana/"])
def test_a_partial_is_never_served_as_a_page_or_the_reverse(
    ask: Ask, ana: User, path: str, first: dict[str, str]
) -> None:
    who = session(ana)
    second = {} if first else HTMX
    for headers in (first, second, first):
        response = ask(path, who | headers)
        assert response.status == 200
        assert response.data.lstrip().startswith(b"<!doctype html>") is (headers == {})


@pytest.mark.parametrize(
    "poison",
    [
        HTMX,
        HTMX | {"HX-Current-URL": "http://evil.example/"},
        HTMX | {"HX-Boosted": "true"},
        HTMX | {"HX-History-Restore-Request": "true"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/accounts/login/"},
        {"Accept-Language": "evil"},
        {"Accept-Encoding": "br"},
        {"Cookie": "django_language=de"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/people/", "/accounts/login/", "/nowhere/"])
def test_no_request_changes_the_response_of_another(
    ask: Ask, ask_site: Ask, path: str, poison: dict[str, str]
) -> None:
    clean = ask_site(path, {})
    ask(path, poison)
    after = ask(path, {})
    assert after.status == clean.status
    for name in ("Location", "HX-Redirect", "Content-Language", "Content-Encoding"):
        assert after.headers.get(name) == clean.headers.get(name)
    assert TOKEN.sub(b"", after.data) == TOKEN.sub(b"", clean.data)


def test_sessions_and_tokens_are_not_cached(site_url: str, pool: urllib3.PoolManager) -> None:
    with caching(site_url, USUAL) as proxy:
        ask = asking(proxy, pool)
        for path in ("/", "/accounts/login/", "/nowhere/"):
            assert len({ask(path, {}).headers["Set-Cookie"] for _ in range(3)}) == 3


def test_uploads_and_static_files_are_cached_for_everyone(
    ask: Ask, askers: dict[str, dict[str, str]], ana: User, bookmark: Callable[..., Image]
) -> None:
    upload = bookmark(ana, "A bird").image.url
    for path in (upload, static("css/magpie.css")):
        answers = [ask(path, headers) for headers in [*askers.values(), HTMX]]
        assert [is_cached(response) for response in answers] == [False, True, True, True, True]
        assert len({response.data for response in answers}) == 1
