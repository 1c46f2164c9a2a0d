"""Fetch an address from the public internet, and from no other network.

A host name is resolved once, and the connection goes to the IP address that was checked.
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

# All failures share one message, which reveals nothing about the server's own network.
UNREACHABLE = _("Magpie cannot load this address. Check it, or download the image and upload it.")
TOO_SLOW = _("This took longer than 10 seconds. Try again, or download the image and upload it.")
TOO_MANY_REDIRECTS = _(
    "This address redirects too many times. Open it in your browser and copy the final address."
)
INSECURE_REDIRECT = _(
    "This address redirects to one without https. Download the image and upload it."
)
REFUSED = _("The site refused to send this image (%(status)s). Download the image and upload it.")

# A lookup cannot be interrupted, only abandoned. With 64 threads, a few people whose names do not
# resolve cannot block the others.
resolvers = ThreadPoolExecutor(64, thread_name_prefix="resolver")


@dataclass(frozen=True)
class Response:
    """The body of a response, and the address after all redirects."""

    address: Address
    body: bytes


def fetch(url: str, seconds: float = MAX_SECONDS) -> Response:
    """Fetch `url` within `seconds`, with at most three redirects and 15 MB.

    ValidationError, with a message for the viewer, if that fails or is not allowed.
    """
    deadline = monotonic() + seconds
    address = Address.parse(url)
    try:
        for _hop in range(1 + MAX_REDIRECTS):
            with (
                _connection(address, deadline) as connection,
                _request(connection, address) as response,
            ):
                if response.status not in REDIRECTS:
                    return Response(address, _read(response, deadline))
            address = _redirected(address, response.headers.get("Location", ""))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise ValidationError(UNREACHABLE if monotonic() < deadline else TOO_SLOW) from error
    raise ValidationError(TOO_MANY_REDIRECTS)


@contextmanager
def _connection(address: Address, deadline: float) -> Iterator[HTTPConnection]:
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


def _request(connection: HTTPConnection, address: Address) -> BaseHTTPResponse:
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
    # `read1` with a size bounds each read, even if a chunked body declares a negative size.
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValidationError(TOO_HEAVY)
    if monotonic() > deadline:
        # A connection shut down by the timer looks like the end of a body without a length.
        raise ValidationError(TOO_SLOW)
    return bytes(body)


def _redirected(address: Address, location: str) -> Address:
    # Python decodes headers as Latin-1, but servers send UTF-8.
    target = address.join(location.encode("latin-1").decode(errors="replace"))
    if address.scheme == "https" and target.scheme == "http":
        raise ValidationError(INSECURE_REDIRECT)
    return target
