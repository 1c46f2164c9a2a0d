"""The site answers only to its own names, whatever a request has as its Host header."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tools.servers.site import serving


@pytest.fixture(scope="module")
def address(server_environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Serve a site that is reached by https through a proxy."""
    more = {"SITE_URL": "https://magpie.example", "ALLOWED_HOSTS": "www.magpie.example"}
    with serving(None, **server_environment, **more) as url:
        server = urlsplit(url)
        yield server.hostname or "", server.port or 0


def send(address: tuple[str, int], *lines: str) -> str:
    """Send the lines of a request, and return the response."""
    with socket.create_connection(address, timeout=20) as connection:
        request = "\r\n".join([*lines, "X-Forwarded-Proto: https", "Connection: close", "", ""])
        connection.sendall(request.encode())
        response = b""
        while more := connection.recv(65536):
            response += more
    return response.decode()


@pytest.mark.parametrize("host", ["magpie.example", "MAGPIE.example:443", "www.magpie.example"])
def test_the_site_answers_under_its_names(address: tuple[str, int], host: str) -> None:
    response = send(address, "GET /accounts/login/ HTTP/1.1", f"Host: {host}")
    assert response.startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "lines",
    [
        ["Host: evil.example"],
        ["Host: magpie.example:5000"],
        ["Host: magpie.example."],
        ["Host: localhost"],
        ["Host: 127.0.0.1:8000"],
        ["Host:"],
        ["Host: evil.example", "X-Forwarded-Host: magpie.example"],
        ["Host: magpie.example", "Host: evil.example"],
        ["Host: evil.example", "Host: magpie.example"],
        ["X-Forwarded-Host: magpie.example"],
    ],
)
@pytest.mark.parametrize("path", ["/accounts/login/", "/static/js/site.js", "/media/x.webp"])
def test_the_site_answers_under_no_other_name(
    address: tuple[str, int], path: str, lines: list[str]
) -> None:
    response = send(address, f"GET {path} HTTP/1.1", *lines)
    assert response.startswith("HTTP/1.1 400 ")
    assert "evil" not in response
    assert "set-cookie" not in response.lower()


def test_http_never_redirects_to_another_host(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost:5000\r\nConnection: close\r\n\r\n")
        response = connection.recv(65536).decode()
    assert response.startswith("HTTP/1.1 400 ")
    assert "location" not in response.lower()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_monitors_on_the_machine_get_a_response(address: tuple[str, int], path: str) -> None:
    for host in ("localhost", "127.0.0.1:8000", "magpie.example"):
        response = send(address, f"GET {path} HTTP/1.1", f"Host: {host}")
        assert response.startswith("HTTP/1.1 200 ")
