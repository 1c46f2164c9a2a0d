"""Messages between a server and its decoders: the lengths, then a JSON object, then bytes.

Nothing is unpickled, so a decoder taken over by a hostile image can only send a wrong image.
"""

import json
import struct
from socket import socket
from time import monotonic
from typing import Any

LENGTHS = struct.Struct(">II")
# The largest body is an image of 30 MB with 8 million pixels for its thumbnails.
MAX_HEAD, MAX_BODY = 4096, 64 * 1024 * 1024


def send(line: socket, head: dict[str, Any], body: bytes = b"", seconds: float = 0) -> None:
    """Send a message within `seconds`, or without a time limit for 0."""
    encoded = json.dumps(head).encode()
    deadline = monotonic() + seconds
    for part in (LENGTHS.pack(len(encoded), len(body)) + encoded, body):
        _wait_at_most(line, seconds and deadline)
        line.sendall(part)


def receive(line: socket, seconds: float = 0) -> tuple[dict[str, Any], bytearray]:
    """Return a message; EOFError if the other side has ended, ValueError if it sends nonsense."""
    deadline = seconds and monotonic() + seconds
    head_length, body_length = LENGTHS.unpack(_read(line, LENGTHS.size, deadline))
    if head_length > MAX_HEAD or body_length > MAX_BODY:
        raise ValueError("This message is too long.")
    head = json.loads(_read(line, head_length, deadline))
    if not isinstance(head, dict):
        raise ValueError("This message has no head.")  # noqa: TRY004
    return head, _read(line, body_length, deadline)


def _read(line: socket, length: int, deadline: float) -> bytearray:
    buffer = bytearray(length)
    rest = memoryview(buffer)
    while rest:
        _wait_at_most(line, deadline)
        count = line.recv_into(rest)
        if not count:
            raise EOFError
        rest = rest[count:]
    return buffer


def _wait_at_most(line: socket, deadline: float) -> None:
    line.settimeout(max(deadline - monotonic(), 0.001) if deadline else None)
