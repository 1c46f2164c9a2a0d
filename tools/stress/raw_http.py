"""HTTP requests and responses as bytes."""

import socket
from contextlib import suppress


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return the bytes of a request, which need not be valid."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + body


def send(host: str, request: bytes) -> bytes:
    """Send a request, and return the response, or no bytes if there is none."""
    name, _, port = host.partition(":")
    response = b""
    with (
        suppress(TimeoutError, ConnectionError),
        socket.create_connection((name, int(port)), timeout=30) as connection,
    ):
        # A server may refuse a long request before it has read all of it.
        with suppress(ConnectionError):
            connection.sendall(request)
        while data := connection.recv(65536):
            response += data
    return response
