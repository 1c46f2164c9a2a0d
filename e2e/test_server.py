"""The HTTP server that runs the site."""

import socket
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tools.servers.site import serving_process, wait_until
from tools.stress.processes import processes


def test_idle_connections_do_not_keep_others_out(site_url: str) -> None:
    address = urlsplit(site_url)
    with ExitStack() as connections:
        for _ in range(40):
            connection = connections.enter_context(
                socket.create_connection((str(address.hostname), address.port or 0))
            )
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
        with urllib.request.urlopen(f"{site_url}/healthz", timeout=5) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("Content-Length: 5\r\nContent-Length: 45\r\n\r\n", 400),
        ("Content-Length: 5, 45\r\n\r\n", 400),
        ("Content-Length: +5\r\n\r\n", 400),
        ("Transfer-Encoding: xchunked\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400),
        ("Content-Length: 45\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        ("X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        # The server answers this one, but reads nothing after its body.
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200),
    ],
)
def test_a_request_cannot_be_smuggled_in_another(site_url: str, rest: str, status: int) -> None:
    address = urlsplit(site_url)
    host = f"HTTP/1.1\r\nHost: {address.netloc}\r\n"
    with socket.create_connection((str(address.hostname), address.port or 0), 10) as connection:
        connection.sendall(f"GET /healthz {host}{rest}GET /smuggled {host}\r\n".encode())
        # Read until the server closes the connection.
        response = b"".join(iter(lambda: connection.recv(65536), b""))
    assert response.startswith(f"HTTP/1.1 {status} ".encode())
    assert response.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("chosen", ["", "3"], ids=["by default", "chosen"])
def test_each_worker_is_a_process(server_environment: dict[str, str], chosen: str) -> None:
    expected = int(chosen or settings.WORKERS)
    with serving_process(None, **(server_environment | {"WORKERS": chosen})) as (server, _):
        # One more process starts the workers.
        wait_until(lambda: len(list(processes(server.pid))) == expected + 1, server)
