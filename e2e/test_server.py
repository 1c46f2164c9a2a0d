"""The server beneath the site."""

import socket
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit


def test_browsers_that_keep_their_connections_do_not_keep_others_out(site_url: str) -> None:
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
