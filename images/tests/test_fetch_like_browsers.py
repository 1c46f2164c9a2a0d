"""What servers expect of browsers: cookies, a referrer, a language, decoding and patience."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from time import monotonic

import brotli
import pytest
from django.utils import translation
from pytest_django import Settings

from images.fetching import fetch as fetching
from images.fetching.causes import (
    BROKEN,
    MISSING,
    REFUSED,
    SLOW_DOWN,
    TOO_MANY_REDIRECTS,
    UNREACHABLE,
)
from images.fetching.fetch import fetch
from images.sanitize import MAX_BYTES, TOO_HEAVY
from imaging.errors import Reason
from imaging.jobs import MESSAGES
from testing.network import PUBLIC_IP, Network
from testing.refusal import refusal
from testing.scripted_web import Page, endless, http_response, redirect

BODY = b"\x89PNG and so on"
MB = 1024 * 1024
PDF, VIDEO = MESSAGES[Reason.PDF], MESSAGES[Reason.VIDEO]


@pytest.fixture(autouse=True)
def good_names(network: Network) -> None:
    for name in ("site.test", "sub.site.test", "open.test"):
        network.names.set(name, [PUBLIC_IP])


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def quickly_packed(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


def sent(network: Network, name: str) -> list[str | None]:
    """Return the values of a header in all requests."""
    return [request.headers.get(name) for request in network.web.requests]


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", packed),
        ("GZIP", packed),
        ("x-gzip", packed),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("br, gzip", lambda data: packed(brotli.compress(data))),
        ("gzip", lambda data: packed(data[:5]) + packed(data[5:])),
        ("gzip", lambda data: packed(data) + b"junk"),
        # Without the checksum and the length at the end, and without the header.
        ("gzip", lambda data: packed(data)[:-8]),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
    ],
)
def test_an_encoded_body_is_decoded(
    network: Network, encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    page = http_response(encode(BODY), f"Content-Encoding: {encoding}")
    network.web.pages["site.test/"] = page
    assert fetch("https://site.test/").body == BODY


@pytest.mark.parametrize(
    ("encoding", "encode"), [("gzip", packed), ("br", quickly_packed), ("deflate", zlib.compress)]
)
def test_the_size_counts_after_decoding(
    network: Network, encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    for size in (MAX_BYTES, 40 * MB):
        page = http_response(encode(b"\0" * size), f"Content-Encoding: {encoding}")
        network.web.pages[f"site.test/{size}"] = page
    assert len(fetch(f"https://site.test/{MAX_BYTES}").body) == MAX_BYTES
    assert refusal(f"https://site.test/{40 * MB}") == TOO_HEAVY


def test_a_body_that_does_not_decode_is_refused(network: Network) -> None:
    network.web.pages["site.test/"] = http_response(BODY, "Content-Encoding: gzip")
    assert refusal("https://site.test/") == UNREACHABLE


def test_a_cookie_comes_back_after_a_redirect(network: Network) -> None:
    answer = http_response(b"", "Location: /", "Set-Cookie: seen=1", status="302 Found")

    def page() -> Iterator[bytes]:
        yield http_response(BODY) if sent(network, "Cookie")[-1] == "seen=1" else answer

    network.web.pages["site.test/"] = page
    assert fetch("https://site.test/").body == BODY
    assert sent(network, "Cookie") == [None, "seen=1"]
    fetch("https://site.test/")
    assert sent(network, "Cookie") == [None, "seen=1"] * 2


@pytest.mark.parametrize(
    ("start", "cookie", "location", "is_seen"),
    [
        ("https://site.test/", "a=b", "/x", True),
        ("https://site.test/", "a=b; Domain=site.test", "//sub.site.test/x", True),
        ("https://sub.site.test/", "a=b; Domain=.site.test", "//site.test/x", True),
        ("https://site.test/", "a=b", "//sub.site.test/x", False),
        ("https://sub.site.test/", "a=b", "//site.test/x", False),
        ("https://site.test/", "a=b", "//open.test/x", False),
        ("https://site.test/", "a=b; Domain=open.test", "//open.test/x", False),
        ("https://site.test/", "a=b; Domain=test", "//open.test/x", False),
        ("https://site.test/", "a=b; Domain=.test", "//open.test/x", False),
        ("https://site.test/", "a=b; Domain=sub.site.test", "//sub.site.test/x", False),
        ("https://site.test/", f"a=b; Domain={PUBLIC_IP}", f"//{PUBLIC_IP}/x", False),
        ("https://site.test/", "a=b; Path=/y", "/x", False),
        ("https://site.test/", "a=b; Max-Age=0", "/x", False),
        ("https://site.test/", "a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/x", False),
        ("http://site.test/", "a=b; Secure", "http://site.test/x", False),
        ("http://site.test/", "a=b", "https://site.test/x", True),
        ("https://site.test/", f"a={'b' * 5000}", "/x", False),
    ],
)
def test_a_cookie_is_sent_only_to_hosts_that_may_see_it(
    network: Network, start: str, cookie: str, location: str, is_seen: bool
) -> None:
    host = start.partition("://")[2]
    target = location.removeprefix("http:").removeprefix("https:")
    target = target.removeprefix("//") if target.startswith("//") else f"{host}x"
    network.web.pages[host] = http_response(
        b"", f"Location: {location}", f"Set-Cookie: {cookie}", status="302 Found"
    )
    network.web.pages[target] = http_response(BODY)
    assert fetch(start).body == BODY
    assert sent(network, "Cookie") == [None, "a=b" if is_seen else None]


def test_a_cookie_for_a_country_is_not_kept(network: Network) -> None:
    for name in ("a.co.uk", "b.co.uk"):
        network.names.set(name, [PUBLIC_IP])
    network.web.pages["a.co.uk/"] = http_response(
        b"", "Location: http://b.co.uk/", "Set-Cookie: a=b; Domain=.co.uk", status="302 Found"
    )
    network.web.pages["b.co.uk/"] = http_response(BODY)
    assert fetch("http://a.co.uk/").body == BODY
    assert sent(network, "Cookie") == [None, None]


def test_many_and_long_cookies_are_dropped_in_time(network: Network) -> None:
    headers = [f"Set-Cookie: {n}={'b; expires=' * 5000}" for n in range(90)]
    cookies = [f"Set-Cookie: a{n}={'b' * 100}" for n in range(9000)]
    began = monotonic()
    for lines in (headers, cookies[:90]):
        network.web.pages["site.test/"] = http_response(
            b"", "Location: /x", *lines, status="302 Found"
        )
        network.web.pages["site.test/x"] = http_response(BODY)
        assert fetch("http://site.test/").body == BODY
        assert len(sent(network, "Cookie")[-1] or "") < 60 * 1024
    assert monotonic() - began < 5


@pytest.mark.parametrize(
    ("page", "url", "referer"),
    [
        ("", "https://site.test/a", None),
        ("https://site.test/p?q=1#r", "https://site.test/a", "https://site.test/p?q=1"),
        ("https://open.test/p?q=1", "https://site.test/a", "https://open.test/"),
        ("http://site.test/p", "https://site.test/a", "http://site.test/"),
        ("https://site.test/p", "http://site.test/a", None),
    ],
)
def test_the_page_that_names_an_image_is_sent_as_browsers_do(
    network: Network, page: str, url: str, referer: str | None
) -> None:
    network.web.pages["site.test/a"] = http_response(BODY)
    fetch(url, referer=page)
    assert sent(network, "Referer") == [referer]


def test_a_redirect_to_another_site_is_not_told_the_page(network: Network) -> None:
    network.web.pages["site.test/a"] = redirect("https://open.test/b")
    network.web.pages["open.test/b"] = http_response(BODY)
    fetch("https://site.test/a", referer="https://site.test/secret")
    assert sent(network, "Referer") == ["https://site.test/secret", "https://site.test/"]


def test_a_request_names_magpie_and_the_language_of_the_viewer(
    network: Network, settings: Settings
) -> None:
    settings.SITE_URL = "https://magpie.test"
    network.web.pages["site.test/"] = http_response(BODY)
    with translation.override("de"):
        fetch("https://site.test/")
    agent = f"Mozilla/5.0 (compatible; Magpie/{settings.VERSION}; +https://magpie.test)"
    assert sent(network, "User-Agent") == [agent]
    assert (sent(network, "Accept-Language")[0] or "").startswith("de,")


def converting(network: Network) -> Page:
    """Answer as servers do that choose a format or a page by what a client says it reads."""

    def page() -> Iterator[bytes]:
        accepted = sent(network, "Accept")[-1] or ""
        kinds = ("image/avif", "image/webp", "text/html", "image/jpeg")
        yield http_response(next(kind for kind in kinds if kind in accepted).encode())

    return page


@pytest.mark.parametrize(
    ("page", "kind"), [("", b"text/html"), ("https://open.test/", b"image/jpeg")]
)
def test_a_server_that_converts_pictures_sends_the_original(
    network: Network, page: str, kind: bytes
) -> None:
    network.web.pages["site.test/a"] = converting(network)
    assert fetch("https://site.test/a", referer=page).body == kind
    assert "*/*" in (sent(network, "Accept")[0] or "")


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        (b"/b\xe4r.png", "/b%E4r.png"),
        (b"/b\xe4r%20\xfc.png?\xdf", "/b%E4r%20%FC.png?%DF"),
        (b"/b\xc3\xa4r.png", "/b%C3%A4r.png"),
    ],
)
def test_a_location_in_any_charset_is_followed(
    network: Network, location: bytes, asked: str
) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
    network.web.pages["site.test/"] = head + location + b"\r\n\r\n"
    network.web.pages[f"site.test{asked}"] = http_response(BODY)
    assert fetch("https://site.test/").body == BODY


def busy_once(network: Network, *headers: str) -> Page:
    def page() -> Iterator[bytes]:
        is_first = len(network.web.requests) == 1
        busy = http_response(b"", "Content-Length: 0", *headers, status="503 Busy")
        yield busy if is_first else http_response(BODY)

    return page


@pytest.mark.parametrize("wait", ["0", " 1 "])
def test_a_busy_server_is_asked_again_after_a_short_wait(network: Network, wait: str) -> None:
    network.web.pages["site.test/"] = busy_once(network, f"Retry-After: {wait}")
    began = monotonic()
    assert fetch("https://site.test/").body == BODY
    assert monotonic() - began >= float(wait)


@pytest.mark.parametrize(
    "headers", [[], ["Retry-After: 6"], ["Retry-After: nonsense"], [f"Retry-After: {'9' * 9999}"]]
)
def test_a_busy_server_is_not_asked_again_without_a_short_wait(
    network: Network, headers: list[str]
) -> None:
    network.web.pages["site.test/"] = busy_once(network, *headers)
    assert refusal("https://site.test/") == BROKEN % {"status": 503}
    assert len(network.web.requests) == 1


def test_a_busy_server_is_asked_again_once(network: Network) -> None:
    network.web.pages["site.test/"] = http_response(
        b"", "Retry-After: 0", "Content-Length: 0", status="503 Busy"
    )
    assert refusal("https://site.test/") == BROKEN % {"status": 503}
    assert len(network.web.requests) == 2


def test_a_wait_that_is_longer_than_the_time_left_is_not_begun(network: Network) -> None:
    network.web.pages["site.test/"] = busy_once(network, "Retry-After: 5")
    began = monotonic()
    assert refusal("https://site.test/", 2) == BROKEN % {"status": 503}
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("status", "message"),
    [
        *((401, REFUSED), (403, REFUSED), (404, MISSING), (410, MISSING), (429, SLOW_DOWN)),
        *((500, BROKEN), (502, BROKEN), (503, BROKEN)),
    ],
)
def test_the_message_tells_what_the_server_answered(
    network: Network, status: int, message: str
) -> None:
    network.web.pages["site.test/"] = http_response(b"no", status=f"{status} No")
    assert refusal("https://site.test/") == message % {"status": status}


@pytest.mark.parametrize(
    ("kind", "start", "message"),
    [
        ("application/pdf", b"%PDF-1.7", PDF),
        ("video/mp4", b"\0\0\0\x18ftypisom", VIDEO),
        ("Video/webm; codecs=vp9", b"\x1a\x45\xdf\xa3", VIDEO),
        ("application/octet-stream", b"%PDF-1.7", PDF),
        ("application/octet-stream", b"\0\0\0\x18ftypisom", VIDEO),
        ("application/octet-stream", b"\0\0\0\x18ftypavif", TOO_HEAVY),
        ("application/octet-stream", b"RIFF\1\2\3\4AVI LIST", VIDEO),
        ("application/octet-stream", b"fLaC", MESSAGES[Reason.SOUND]),
        ("image/png", b"\x89PNG", TOO_HEAVY),
        ("text/plain", b"text", TOO_HEAVY),
    ],
)
def test_a_large_file_of_another_kind_is_not_called_an_image(
    network: Network, kind: str, start: bytes, message: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
    network.web.pages["site.test/"] = endless(head + start)
    assert refusal("https://site.test/") == message


def test_a_long_web_page_is_read_in_part(network: Network) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>"
    network.web.pages["site.test/"] = endless(head)
    response = fetch("https://site.test/")
    assert response.body.startswith(b"<!doctype html>")
    assert len(response.body) < 3 * MB
    assert response.content_type == "text/html"


def test_eleven_redirects_are_too_many(network: Network) -> None:
    assert fetching.MAX_REDIRECTS == 10
    for number in range(11):
        network.web.pages[f"site.test/{number}"] = redirect(f"/{number + 1}")
    network.web.pages["site.test/11"] = http_response(BODY)
    assert fetch("http://site.test/1").body == BODY
    assert refusal("http://site.test/0") == TOO_MANY_REDIRECTS
