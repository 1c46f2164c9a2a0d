"""A cache that many people share never gives one person's response to another."""

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

type Send = Callable[..., Any]
# Caches every response that does not forbid it for the whole test, even if it sets cookies.
GREEDY = "proxy_cache_valid any 10m; proxy_ignore_headers Set-Cookie;"
USUAL = "proxy_cache_valid any 10m;"
HTMX = {"HX-Request": "true"}
TOKEN = re.compile(rb'csrfmiddlewaretoken" value="\w+')


def sender(url: str, pool: urllib3.PoolManager) -> Send:
    return lambda path, headers: pool.request("GET", url + path, headers=headers, redirect=False)


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager() as pool:
        yield pool


@pytest.fixture
def send(site_url: str, pool: urllib3.PoolManager) -> Iterator[Send]:
    """Send requests through a cache that starts empty."""
    with caching(site_url, GREEDY) as proxy:
        yield sender(proxy, pool)


@pytest.fixture
def send_uncached(site_url: str, pool: urllib3.PoolManager) -> Send:
    """Send requests without a cache."""
    return sender(site_url, pool)


def session(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


@pytest.fixture
def clients(ana: User, ben: User) -> dict[str, dict[str, str]]:
    """Return the request headers of four clients, each by a text that only its pages contain."""
    return {
        'menu__button"><bdi>Ana Silva<': session(ana),
        'menu__button"><bdi>Ben Okafor<': session(ben),
        '<html lang="en"': {},
        '<html lang="de"': {"Accept-Language": "de"},
    }


def is_cached(response: Any) -> bool:
    return bool(response.headers["X-Cache"] == "HIT")


@pytest.mark.parametrize("path", ["/", "/people/", "/nowhere/"])
def test_only_responses_for_visitors_are_cached(
    send: Send, clients: dict[str, dict[str, str]], path: str
) -> None:
    for headers in clients.values():
        is_public = "Cookie" not in headers
        assert [is_cached(send(path, headers)) for _ in range(2)] == [False, is_public]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/people/", "/nowhere/"])
def test_people_never_get_the_page_of_someone_else(
    send: Send, send_uncached: Send, clients: dict[str, dict[str, str]], path: str
) -> None:
    uncached = {text: send_uncached(path, headers) for text, headers in clients.items()}
    for order in permutations(clients):
        for text in order:
            response = send(path, clients[text])
            assert response.status == uncached[text].status
            assert texts_in(response, clients) == texts_in(uncached[text], clients)


def texts_in(response: Any, clients: dict[str, dict[str, str]]) -> list[str]:
    return [text for text in clients if text in response.data.decode()]


@pytest.mark.parametrize("first", [{}, HTMX])
@pytest.mark.parametrize("path", ["/stream/", "/people/", "/images/add/", "/people/ana/"])
def test_a_partial_is_never_served_as_a_page_or_the_reverse(
    send: Send, ana: User, path: str, first: dict[str, str]
) -> None:
    cookie = session(ana)
    second = {} if first else HTMX
    for headers in (first, second, first):
        response = send(path, cookie | headers)
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
    send: Send, send_uncached: Send, path: str, poison: dict[str, str]
) -> None:
    uncached = send_uncached(path, {})
    send(path, poison)
    response = send(path, {})
    assert response.status == uncached.status
    for name in ("Location", "HX-Redirect", "Content-Language", "Content-Encoding"):
        assert response.headers.get(name) == uncached.headers.get(name)
    assert TOKEN.sub(b"", response.data) == TOKEN.sub(b"", uncached.data)


def test_sessions_and_tokens_are_not_cached(site_url: str, pool: urllib3.PoolManager) -> None:
    with caching(site_url, USUAL) as proxy:
        send = sender(proxy, pool)
        for path in ("/", "/accounts/login/", "/nowhere/"):
            assert len({send(path, {}).headers["Set-Cookie"] for _ in range(3)}) == 3


def test_uploads_and_static_files_are_cached_for_everyone(
    send: Send, clients: dict[str, dict[str, str]], ana: User, bookmark: Callable[..., Image]
) -> None:
    upload = bookmark(ana, "A bird").image.url
    for path in (upload, static("css/magpie.css")):
        responses = [send(path, headers) for headers in [*clients.values(), HTMX]]
        assert [is_cached(response) for response in responses] == [False, True, True, True, True]
        assert len({response.data for response in responses}) == 1
