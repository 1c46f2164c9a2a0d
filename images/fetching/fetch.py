"""Fetching what an address leads to, from the public internet and from nowhere else.

A name is resolved once, and what is connected to is the IP address that was checked.
"""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from socket import SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, socket
from threading import Timer
from time import monotonic

import certifi
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from images.fetching.addresses import Address, is_public
from images.sanitize import MAX_BYTES, TOO_HEAVY

MAX_SECONDS = 10
MAX_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 64 * 1024

# One answer to all that fails, lest it say something about the network that we are in.
UNREACHABLE = _("Nothing came from this address. Check it, or save the image and upload it.")
TOO_SLOW = _("This took longer than 10 seconds. Try again, or save the image and upload it.")
TOO_MANY_REDIRECTS = _(
    "This address redirects too many times. Copy the one that your browser ends at."
)
LESS_SAFE = _("This address leads on to one without https. Save the image and upload it.")
REFUSED = _("The site did not give this image out (%(status)s). Save the image and upload it.")

# Looking up a name cannot be interrupted, only left behind, so a few people with names that nobody
# answers for must not use up all threads.
resolvers = ThreadPoolExecutor(64, thread_name_prefix="resolver")


@dataclass(frozen=True)
class Fetched:
    """What came from an address, and the address where the redirects ended."""

    address: Address
    body: bytes


def fetch(url: str, seconds: float = MAX_SECONDS) -> Fetched:
    """Return what `url` leads to after at most three redirects, up to 15 MB, within `seconds`.

    ValidationError says what to do where it is refused or nothing comes.
    """
    deadline = monotonic() + seconds
    address = Address.parse(url)
    try:
        for _hop in range(1 + MAX_REDIRECTS):
            with (
                _connection(address, deadline) as connection,
                _ask(connection, address) as response,
            ):
                if response.status not in REDIRECTS:
                    return Fetched(address, _read(response, deadline))
            address = _follow(address, response.headers.get("Location", ""))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise ValidationError(UNREACHABLE if monotonic() < deadline else TOO_SLOW) from error
    raise ValidationError(TOO_MANY_REDIRECTS)


@contextmanager
def _connection(address: Address, deadline: float) -> Iterator[HTTPConnection]:
    opened = _open_socket(address, deadline)
    # The socket ends up inside of TLS; this one leads to the same connection.
    twin = opened.dup()
    left = deadline - monotonic()
    # Each single wait is bounded by the timeout, and all of them by being cut off.
    cut_off = Timer(left, _shut_down, [twin])
    connection = (
        HTTPSConnection(address.host, address.port, timeout=left, ssl_context=tls_context())
        if address.scheme == "https"
        else HTTPConnection(address.host, address.port, timeout=left)
    )
    connection._new_conn = lambda: opened  # type: ignore[method-assign]
    cut_off.start()
    try:
        yield connection
    finally:
        cut_off.cancel()
        connection.close()
        opened.close()
        twin.close()


def _shut_down(connection: socket) -> None:
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)


def _open_socket(address: Address, deadline: float) -> socket:
    if address.is_ours and not address.is_exempt:
        raise OSError("That is this site.")
    ips = _resolve(address, deadline)
    if not address.is_exempt and not all(map(is_public, ips)):
        raise OSError("That is not on the public internet.")
    for number, ip in enumerate(ips, 1):
        share = (deadline - monotonic()) / (len(ips) - number + 1)
        with suppress(OSError):
            opened = create_connection((ip, address.port), timeout=max(share, 0.01))
            opened.settimeout(max(deadline - monotonic(), 0.01))
            return opened
    raise OSError("Nobody answers.")


def _resolve(address: Address, deadline: float) -> list[str]:
    lookup = resolvers.submit(getaddrinfo, address.host, address.port, type=SOCK_STREAM)
    try:
        records = lookup.result(deadline - monotonic())
    finally:
        # Nobody waits for it any more, in case it has not begun.
        lookup.cancel()
    return list(dict.fromkeys(str(record[4][0]) for record in records))


@cache
def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _ask(connection: HTTPConnection, address: Address) -> BaseHTTPResponse:
    headers = {
        "User-Agent": f"Magpie (+{settings.SITE_URL})",
        "Accept": "image/webp,image/png,image/jpeg,image/gif,text/html;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "identity",
    }
    connection.request(
        "GET", address.path, headers=headers, preload_content=False, decode_content=False
    )
    return connection.getresponse()


def _read(response: BaseHTTPResponse, deadline: float) -> bytes:
    if not 200 <= response.status < 300:
        raise ValidationError(REFUSED, params={"status": response.status})
    body = bytearray()
    # What is read at most once a time stays small, also where a chunk claims a size below zero.
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValidationError(TOO_HEAVY)
    if monotonic() > deadline:
        # Being cut off looks like the end of a body without a length.
        raise ValidationError(TOO_SLOW)
    return bytes(body)


def _follow(address: Address, location: str) -> Address:
    # Headers are read as Latin-1; what is sent in them is UTF-8.
    target = address.follow(location.encode("latin-1").decode(errors="replace"))
    if address.scheme == "https" and target.scheme == "http":
        raise ValidationError(LESS_SAFE)
    return target
