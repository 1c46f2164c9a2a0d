"""Open connections to addresses on the public internet, and to no other network.

A host name is resolved once, and the connection goes to the IP address that was checked.
"""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from http import HTTPStatus
from http.client import HTTPResponse
from socket import SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, socket
from threading import Timer
from time import monotonic

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection

from images.fetching.addresses import Address, is_public

# A lookup cannot be interrupted, only abandoned. With 64 threads, a few people whose names do not
# resolve cannot block the others.
resolvers = ThreadPoolExecutor(64, thread_name_prefix="resolver")


class FinalResponse(HTTPResponse):
    """A response without the interim ones before it, such as 103 Early Hints."""

    def _read_status(self) -> tuple[str, int, str]:
        # Python 3.12 to 3.14 skip only 100. There is no public way to skip the others.
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = HTTPStatus.SWITCHING_PROTOCOLS < status < HTTPStatus.OK
        return version, HTTPStatus.CONTINUE if is_interim else status, reason

    def _read_next_chunk_size(self) -> int:
        # Python takes a chunk of a negative size for one without an end.
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise ValueError(size)
        return size


@contextmanager
def connected(address: Address, deadline: float) -> Iterator[HTTPConnection]:
    """Hold a connection to `address` inside the block; it is shut down at the deadline."""
    opened = _open_socket(address, deadline)
    # TLS takes over the socket, so the timer needs a duplicate to shut the connection down.
    duplicate = opened.dup()
    remaining = deadline - monotonic()
    # The socket's timeout bounds each wait, and the timer bounds all of them together.
    timer = Timer(remaining, _shut_down, [duplicate])
    connection = (
        HTTPSConnection(address.host, address.port, timeout=remaining, ssl_context=tls_context())
        if address.scheme == "https"
        else HTTPConnection(address.host, address.port, timeout=remaining)
    )
    connection.response_class = FinalResponse
    # urllib3 2 has no public way to pass in a connected socket.
    connection._new_conn = lambda: opened  # type: ignore[method-assign]
    timer.start()
    try:
        yield connection
    finally:
        timer.cancel()
        connection.close()
        opened.close()
        duplicate.close()


def _shut_down(connection: socket) -> None:
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)


def _open_socket(address: Address, deadline: float) -> socket:
    if address.is_own_site and not address.is_exempt:
        raise OSError("This address is the site itself.")
    ips = _resolve(address, deadline)
    if not address.is_exempt and not all(map(is_public, ips)):
        raise OSError("This address is not on the public internet.")
    for number, ip in enumerate(ips, 1):
        share = (deadline - monotonic()) / (len(ips) - number + 1)
        with suppress(OSError):
            opened = create_connection((ip, address.port), timeout=max(share, 0.01))
            opened.settimeout(max(deadline - monotonic(), 0.01))
            return opened
    raise OSError("No address of this host accepts connections.")


def _resolve(address: Address, deadline: float) -> list[str]:
    lookup = resolvers.submit(getaddrinfo, address.host, address.port, type=SOCK_STREAM)
    try:
        records = lookup.result(deadline - monotonic())
    finally:
        # After a timeout, a lookup that has not started yet is not needed any more.
        lookup.cancel()
    return list(dict.fromkeys(str(record[4][0]) for record in records))


@cache
def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
