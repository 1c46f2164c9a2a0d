"""Fetch an address from the public internet, as a browser would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from time import monotonic, sleep
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse

from images.fetching import causes
from images.fetching.addresses import Address
from images.fetching.connections import connected
from images.fetching.cookies import Cookies
from images.fetching.web_page import HTML_TYPE, MAX_PAGE_BYTES, WebPage, is_web_page, read_page
from images.sanitize import MAX_BYTES

MAX_SECONDS = 10
MAX_REDIRECTS = 10
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 64 * 1024
# Servers that read of WebP or AVIF convert to it, which loses quality. Some send a page instead of
# a picture to anyone who reads pages, so those that a page names are asked for as browsers do.
ACCEPT_IMAGE, ACCEPT_PAGE = "image/png,image/jpeg,image/gif", ",text/html;q=0.9"
# The seconds after which a server may ask Magpie to come back, once.
SHORT_WAIT = re.compile(r"[0-5]", re.ASCII)


@dataclass(frozen=True)
class Response:
    """The body of a response with its type, and the address after all redirects."""

    address: Address
    body: bytes
    content_type: str = ""

    @property
    def is_web_page(self) -> bool:
        return is_web_page(self.body, self.content_type)

    def web_page(self) -> WebPage:
        """Read the body as a web page."""
        return read_page(self.body, self.address, self.content_type)


def fetch(url: str, seconds: float = MAX_SECONDS, referer: str = "") -> Response:
    """Fetch `url` within `seconds`, with at most ten redirects and 15 MB.

    `referer` is the page that names the URL. ValidationError, with a message for the viewer, if
    that fails or is not allowed.
    """
    deadline = monotonic() + seconds
    address = Address.parse(url)
    try:
        return _follow(address, deadline, Address.parse(referer) if referer else None)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        late = causes.TOO_SLOW if monotonic() >= deadline else causes.UNREACHABLE
        raise ValidationError(causes.of_certificate(error) or late) from error


def _follow(address: Address, deadline: float, page: Address | None) -> Response:
    cookies = Cookies()
    has_waited = False
    for _hop in range(1 + MAX_REDIRECTS):
        headers = _headers(address, page) | cookies.header(address)
        with (
            connected(address, deadline) as connection,
            _request(connection, address, headers) as response,
        ):
            cookies.receive(response, address)
            wait = None if has_waited else _wait(response, deadline)
            if response.status not in REDIRECTS and wait is None:
                body = _read(response, deadline)
                return Response(address, body, response.headers.get("Content-Type", ""))
        if wait is None:
            address = _redirected(address, response.headers.get("Location", ""))
        else:
            has_waited = True
            sleep(wait)
    raise ValidationError(causes.TOO_MANY_REDIRECTS)


def _headers(address: Address, page: Address | None) -> dict[str, str]:
    headers = {
        # Some sites send images only to programs that call themselves Mozilla.
        "User-Agent": f"Mozilla/5.0 (compatible; Magpie/{settings.VERSION}; +{settings.SITE_URL})",
        "Accept": f"{ACCEPT_IMAGE}{'' if page else ACCEPT_PAGE},*/*;q=0.1",
        "Accept-Encoding": "identity",
        "Accept-Language": f"{get_language() or settings.LANGUAGE_CODE},en;q=0.5,*;q=0.1",
    }
    # As browsers do, name the page only to its own site, and nothing to one without https.
    if page and page.origin == address.origin:
        headers["Referer"] = page.url
    elif page and (page.scheme == "http" or address.scheme == "https"):
        headers["Referer"] = f"{page.origin}/"
    return headers


def _request(
    connection: HTTPConnection, address: Address, headers: dict[str, str]
) -> BaseHTTPResponse:
    # Images that end early are often still readable, so a wrong length is no error.
    connection.request(
        "GET", address.path, headers=headers, preload_content=False, enforce_content_length=False
    )
    return connection.getresponse()


def _wait(response: BaseHTTPResponse, deadline: float) -> float | None:
    """Return the seconds after which a busy server asks for the request again, or None."""
    wait = response.headers.get("Retry-After", "").strip()
    if response.status != 503 or not SHORT_WAIT.fullmatch(wait):
        return None
    return float(wait) if monotonic() + float(wait) < deadline else None


def _read(response: BaseHTTPResponse, deadline: float) -> bytes:
    causes.check_status(response.status)
    content_type = response.headers.get("Content-Type", "")
    causes.check_type(content_type)
    is_page = bool(HTML_TYPE.match(content_type))
    body = bytearray()
    for chunk in _chunks(response):
        body += chunk
        if len(body) > MAX_BYTES:
            raise causes.too_heavy(body)
        if is_page and len(body) > MAX_PAGE_BYTES:
            break
    if monotonic() > deadline:
        # A connection shut down by the timer looks like the end of a body.
        raise ValidationError(causes.TOO_SLOW)
    return bytes(body)


def _chunks(response: BaseHTTPResponse) -> Iterator[bytes]:
    """Yield a body in pieces, up to where its connection ends, as with a length that is wrong."""
    has_begun = False
    try:
        # A size bounds each read, even if a few bytes decode to many.
        while chunk := response.read1(CHUNK):
            yield chunk
            has_begun = True
    except ProtocolError as error:
        if not (has_begun and isinstance(error.__cause__, IncompleteRead)):
            raise


def _redirected(address: Address, location: str) -> Address:
    # Python decodes headers as Latin-1. Servers send UTF-8, or bytes that they want back as sent.
    sent = location.encode("latin-1")
    try:
        location = sent.decode()
    except UnicodeDecodeError:
        location = "".join(
            quote(char, encoding="latin-1") if char > "~" else char for char in location
        )
    target = address.join(location)
    if address.scheme == "https" and target.scheme == "http":
        raise ValidationError(causes.INSECURE_REDIRECT)
    return target
