"""Requests and answers as the bytes that go over a line."""

import socket
from contextlib import suppress


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return a request as it is sent, whatever it is made of."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + body


def send(host: str, request: bytes) -> bytes:
    """Send a request as it is; returns the answer, or nothing."""
    name, _, port = host.partition(":")
    answer = b""
    with (
        suppress(TimeoutError, ConnectionError),
        socket.create_connection((name, int(port)), timeout=30) as line,
    ):
        # Who refuses a long request need not have read all of it.
        with suppress(ConnectionError):
            line.sendall(request)
        while more := line.recv(65536):
            answer += more
    return answer
