"""The parts of docs/deploying.md that need no separate machine: the site behind its proxies."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from django.conf import settings
from django.contrib.auth.models import User

from images.models import Image
from testing.headers import check_headers, check_upload
from tools.servers import caddy, nginx
from tools.servers.site import serving_at_socket

TOKEN = "a" * 32
type Send = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "Caddy"])
def send(
    request: pytest.FixtureRequest,
    server_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Send]:
    """Yield a function that sends requests to the site through a proxy."""
    folder = tmp_path_factory.mktemp("deployed")
    (folder / "var").mkdir()
    (folder / "var/media").symlink_to(server_environment["MEDIA_ROOT"])
    with (
        serving_at_socket(folder / "socket", **server_environment),
        request.param.deployed(folder) as proxy,
    ):
        yield proxy.send


@pytest.fixture
def image(ana: User, bookmark: Callable[..., Image]) -> Image:
    return bookmark(ana, "A bird")


def test_pages_and_files_are_served_over_https_with_all_headers(send: Send) -> None:
    for path in ("/", "/accounts/login/", "/nowhere/", "/healthz", "/readyz"):
        check_headers(send(path).headers)


@pytest.mark.disk
def test_uploads_are_served_from_the_disk_with_all_headers(send: Send, image: Image) -> None:
    for url in (image.image.url, *(image.image.urls[alias] for alias in image.image.shown)):
        check_upload(send, url)


@pytest.mark.parametrize("path", ["", "images/", "images/00/none.webp", "../secret_key", "%00"])
def test_no_other_file_and_no_folder_can_be_read(send: Send, path: str) -> None:
    response = send(f"/media/{path}")
    assert response.status in {400, 404}
    if "X-Request-ID" in response.headers:
        check_headers(response.headers)


@pytest.mark.disk
def test_uploads_cannot_be_changed(send: Send, image: Image) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert send(image.image.url, method).status in {403, 405}
    assert send(image.image.url).status == 200


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
