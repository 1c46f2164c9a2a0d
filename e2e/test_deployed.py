"""The parts of docs/deploying.md that need no separate machine: the site behind nginx."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from django.conf import settings

from testing.headers import check_headers
from tools.servers.nginx import deployed
from tools.servers.site import serving_at_socket

TOKEN = "a" * 32
type Send = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture(scope="module")
def send(
    server_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Send]:
    """Yield a function that sends requests to the site through nginx."""
    folder = tmp_path_factory.mktemp("deployed")
    with serving_at_socket(folder / "socket", **server_environment), deployed(folder) as proxy:
        yield proxy.send


def test_pages_and_files_are_served_over_https_with_all_headers(send: Send) -> None:
    for path in ("/", "/accounts/login/", "/nowhere/", "/healthz", "/readyz"):
        check_headers(send(path).headers)


@pytest.mark.parametrize(
    "path", ["/favicon.ico", "/manifest.webmanifest", "/robots.txt", "/.well-known/change-password"]
)
def test_files_for_programs_are_cached_and_have_all_headers(send: Send, path: str) -> None:
    response = send(path)
    assert response.status in {200, 302}
    assert "max-age=86400" in response.headers["Cache-Control"]
    check_headers(response.headers)


def test_http_redirects_to_https(send: Send) -> None:
    response = send("/people/", scheme="http")
    assert response.status == 301
    assert response.headers["Location"] == "https://localhost/people/"


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X_Forwarded_For"])
def test_clients_cannot_choose_the_ip_address_that_rate_limits_count(send: Send, name: str) -> None:
    allowed = settings.RATE_LIMITS["account_login"]["ip"]
    headers = {
        "Cookie": f"__Host-csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Referer": "https://localhost/",
    }
    statuses = {
        send("/accounts/login/", "POST", headers=headers | {name: f"203.0.113.{number}"}).status
        # The counts start again if a minute ends in between.
        for number in range(2 * allowed + 1)
    }
    assert 429 in statuses
    assert statuses <= {200, 429}


@pytest.mark.parametrize("name", ["X-Forwarded-Proto", "X_Forwarded_Proto"])
def test_a_client_header_cannot_turn_https_into_http(send: Send, name: str) -> None:
    assert send("/", headers={name: "http"}).status == 200


def test_the_proxy_refuses_a_body_that_is_too_large(send: Send) -> None:
    response = send("/images/add/", "POST", body=b"x" * 61 * 1024 * 1024)
    assert response.status == 413
    assert "X-Request-ID" not in response.headers


def test_only_the_group_of_the_proxy_can_use_the_socket(
    server_environment: dict[str, str], tmp_path: Path
) -> None:
    umask = os.umask(0o000)
    try:
        with serving_at_socket(tmp_path / "socket", **server_environment):
            assert stat.S_IMODE((tmp_path / "socket").stat().st_mode) == 0o660
    finally:
        os.umask(umask)
