"""Untrustworthy servers are cut off or refused."""

from collections.abc import Iterator
from contextlib import suppress
from ssl import SSLCertVerificationError
from time import monotonic

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from images.fetching import fetch as fetching
from images.fetching.causes import (
    CERTIFICATE_EXPIRED,
    CERTIFICATE_INCOMPLETE,
    CERTIFICATE_OF_ANOTHER,
    TOO_MANY_REDIRECTS,
    TOO_SLOW,
    UNREACHABLE,
)
from images.fetching.fetch import fetch
from images.sanitize import TOO_HEAVY
from testing.network import Network
from testing.refusal import refusal
from testing.scripted_web import Page, endless, http_response, redirect
from web.addresses import NOT_AN_ADDRESS

MB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"H"),
        (OK, b"X"),
        (OK, b"X: y\r\n"),
        (OK + b"\r\n", b"x"),
        (OK + b"Content-Length: 9999\r\n\r\n", b"x"),
        (CHUNKED + b"ffff\r\n", b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"1;", b"x"),
        (CHUNKED + b"0\r\n", b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n", b"X"),
        (b"", b""),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_slow_response_is_cut_off_in_time(
    network: Network, scheme: str, start: bytes, drop: bytes
) -> None:
    network.serve("site.test/", network.web.drip(start, drop))
    began = monotonic()
    assert refusal(f"{scheme}://site.test/", 0.15) == TOO_SLOW
    assert monotonic() - began < 5


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"0\r\n", b"X: y\r\n"),
    ],
)
def test_an_endless_flood_of_tiny_pieces_is_cut_off_in_time(
    network: Network, start: bytes, drop: bytes
) -> None:
    network.serve("site.test/", endless(start, drop * 999))
    began = monotonic()
    assert refusal("http://site.test/", 0.15) == TOO_SLOW
    assert monotonic() - began < 5


@pytest.mark.parametrize("drop", [b"", b"\x16\x03\x03\x40\x00\x02", b"\x16\x03\x03\x00\x01\x02"])
def test_an_endless_tls_handshake_is_cut_off_in_time(network: Network, drop: bytes) -> None:
    network.serve("site.test/", b"")
    network.web.greeting = network.web.drip(b"", drop)
    began = monotonic()
    assert refusal("https://site.test/", 0.15) in {TOO_SLOW, UNREACHABLE}
    assert monotonic() - began < 5


def test_a_slow_lookup_of_a_name_is_cut_off_in_time(network: Network) -> None:
    network.names.set("slow.test", network.web.over)
    began = monotonic()
    assert refusal("http://slow.test/", 0.15) == TOO_SLOW
    assert monotonic() - began < 5
    assert network.connections == []


def test_redirects_share_the_time_limit(network: Network) -> None:
    def late() -> Iterator[bytes]:
        network.web.over.wait(0.1)
        yield redirect("/")

    network.serve("site.test/", late)
    assert refusal("http://site.test/", 0.25) == TOO_SLOW
    assert len(network.web.requests) <= 3


def test_a_fetch_takes_at_most_ten_seconds() -> None:
    assert (fetching.MAX_SECONDS, fetch.__defaults__) == (10, (10, ""))


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (endless(OK + b"\r\n"), TOO_HEAVY),
        (
            endless(OK + b"Content-Type: image/png\r\nContent-Length: 999999999999\r\n\r\n"),
            TOO_HEAVY,
        ),
        (endless(OK + b"Content-Length: -1\r\n\r\n"), TOO_HEAVY),
        (endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"), TOO_HEAVY),
        (endless(CHUNKED + b"fffffffffffffff\r\n"), TOO_HEAVY),
        (endless(CHUNKED + b"-1\r\n"), UNREACHABLE),
        (endless(CHUNKED + b"-fffffff\r\n"), UNREACHABLE),
        (endless(CHUNKED), UNREACHABLE),
        (endless(CHUNKED + b"0\r\n"), UNREACHABLE),
        (endless(OK), UNREACHABLE),
        (endless(OK, b"X: y\r\n" * 9999), UNREACHABLE),
        (endless(b""), UNREACHABLE),
        (endless(b"HTTP/1.1 100 Continue\r\n"), UNREACHABLE),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", UNREACHABLE),
        (CHUNKED, UNREACHABLE),
        (CHUNKED + b"5\r\n", UNREACHABLE),
        (CHUNKED + b"five\r\nhello\r\n0\r\n\r\n", UNREACHABLE),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", UNREACHABLE),
        (b"", UNREACHABLE),
        (b"\r\n\r\n", UNREACHABLE),
        (b"HTTP", UNREACHABLE),
        (b"\x89PNG\r\n\x1a\n", UNREACHABLE),
        (b"HTTP/1.1 99999 OK\r\n\r\n", UNREACHABLE),
        (b"HTTP/1.1 -200 OK\r\n\r\n", UNREACHABLE),
        (b"HTTP/9.9 200 OK\r\n\r\n", UNREACHABLE),
        (b"SSH-2.0-OpenSSH_9.9\r\n", UNREACHABLE),
        (b"HTTP/1.1 302 Found\r\nLocation: https://[\r\n\r\n", UNREACHABLE),
        (b"HTTP/1.1 302 Found\r\nLocation: http://a\xff\xfe/\r\n\r\n", NOT_AN_ADDRESS),
        (OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n", UNREACHABLE),
    ],
)
def test_an_invalid_or_endless_response_is_refused(
    network: Network, page: Page, message: str
) -> None:
    network.serve("site.test/", page)
    assert refusal("http://site.test/") == message
    # This includes bytes in the system's buffers, which were sent but never read.
    assert network.web.sent < 30 * MB


@pytest.mark.parametrize(
    "status", [*range(300, 309), 310, 400, 401, 403, 404, 418, 429, 500, 503, 999]
)
def test_an_http_error_is_reported_by_its_number(network: Network, status: int) -> None:
    network.serve("site.test/", http_response(b"no", status=f"{status} Go to http://10.0.0.1:22"))
    message = refusal("http://site.test/")
    expected = str(TOO_MANY_REDIRECTS) if status in fetching.REDIRECTS else f"({status})"
    assert expected in message


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("expired.test", CERTIFICATE_EXPIRED),
        ("stranger.test", CERTIFICATE_INCOMPLETE),
        ("incomplete.test", CERTIFICATE_INCOMPLETE),
        ("other.test", CERTIFICATE_OF_ANOTHER),
        ("site.test.evil.test", CERTIFICATE_OF_ANOTHER),
    ],
)
def test_an_invalid_certificate_is_refused(network: Network, host: str, message: str) -> None:
    network.serve(f"{host}/", http_response(b"secret"))
    with pytest.raises(ValidationError) as caught:
        fetch(f"https://{host}/")
    assert caught.value.messages == [str(message)]
    assert isinstance(caught.value.__cause__, SSLCertVerificationError)
    assert network.web.server_names == [host]
    assert network.web.requests == []


def test_an_https_server_that_answers_without_tls_is_refused(network: Network) -> None:
    network.serve("site.test/", b"")
    network.web.greeting = http_response(b"plain")
    assert refusal("https://site.test/") == UNREACHABLE


PIECES = [
    *(
        b"HTTP/1.1 ",
        b"HTTP/1.0 200 OK\r\n",
        b"200 ",
        b"302 ",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b":",
        b"\0",
    ),
    *(
        OK,
        CHUNKED,
        b"Location: ",
        b"http://10.0.0.1/",
        b"/",
        b"Content-Length: ",
        b"-",
        b"1",
        b"\xff",
    ),
    *(b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"0\r\n\r\n", b"\xc2\xb2"),
]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_response_is_fetched_or_refused(network: Network, pieces: list[bytes]) -> None:
    network.serve("site.test/", b"".join(pieces))
    with suppress(ValidationError):
        fetch("http://site.test/")
    assert network.unexpected_connections() == []
