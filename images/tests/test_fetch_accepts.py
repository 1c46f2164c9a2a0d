"""Addresses that are fetched, and bodies that are received unchanged."""

from ipaddress import IPv4Address

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from images.fetching.causes import UNREACHABLE
from images.fetching.fetch import fetch
from images.sanitize import MAX_BYTES, TOO_HEAVY
from testing.network import PUBLIC_IP, PUBLIC_IPV6, Canary, Network
from testing.scripted_web import Page, endless, http_response, redirect

BODY = b"\x89PNG and so on"
NUMBER = int(IPv4Address(PUBLIC_IP))

# The typed address, the requested host and path, and the port.
ADDRESSES = [
    ("http://site.test", "site.test/", 80),
    ("http://site.test/", "site.test/", 80),
    ("https://site.test/", "site.test/", 443),
    ("site.test", "site.test/", 443),
    ("site.test/a.png", "site.test/a.png", 443),
    ("  https://site.test/a.png\n", "site.test/a.png", 443),
    ("\u200bhttps://site.test/a.png\ufeff", "site.test/a.png", 443),
    ("\u200e\u2068site.test/a.png\u2069 \u200f\u200d", "site.test/a.png", 443),
    ("\u00a0\u2060http://site.test/a\u200bb\u200c", "site.test/a%E2%80%8Bb", 80),
    ("HTTPS://SITE.TEST/A.png", "site.test/A.png", 443),
    ("http://site.test:80/", "site.test/", 80),
    ("http://site.test:/", "site.test/", 80),
    ("https://site.test:443/", "site.test/", 443),
    ("http://site.test:443/", "site.test:443/", 443),
    ("https://site.test:80/", "site.test:80/", 80),
    ("http://site.test/photo?id=3", "site.test/photo?id=3", 80),
    ("http://site.test?id=3", "site.test/?id=3", 80),
    ("http://site.test/a?b?c=/d//e", "site.test/a?b?c=/d//e", 80),
    ("http://site.test/a#b", "site.test/a", 80),
    ("http://site.test/a;b=c,d/@e:f!$&'()*+", "site.test/a;b=c,d/@e:f!$&'()*+", 80),
    ("http://site.test/my photo.png", "site.test/my%20photo.png", 80),
    ("http://site.test/my%20photo.png", "site.test/my%20photo.png", 80),
    ("http://site.test/100%.png", "site.test/100%.png", 80),
    ("http://site.test/a%2Fb%00%zz", "site.test/a%2Fb%00%zz", 80),
    ("http://site.test/\u00fc/\u732b.png", "site.test/%C3%BC/%E7%8C%AB.png", 80),
    ("http://site.test/?q=\U0001f408", "site.test/?q=%F0%9F%90%88", 80),
    ('http://site.test/"<a>"\\{b}|^`', "site.test/%22%3Ca%3E%22%5C%7Bb%7D%7C%5E%60", 80),
    ("http://site.test//a//b.png", "site.test//a//b.png", 80),
    ("http://site.test/a/../b/./c", "site.test/a/../b/./c", 80),
    ("http://site.test/http://127.0.0.1/", "site.test/http://127.0.0.1/", 80),
    ("http://site.test/" + "a" * 1900, "site.test/" + "a" * 1900, 80),
    ("http://site.test./a", "site.test/a", 80),
    ("https://site.test./a", "site.test/a", 443),
    ("http://img_1.site.test/", "img_1.site.test/", 80),
    ("https://B\u00fccher.test/", "xn--bcher-kva.test/", 443),
    ("https://xn--bcher-kva.test/", "xn--bcher-kva.test/", 443),
    ("https://\uff53ite.test/", "site.test/", 443),
    ("https://site\u3002test/", "site.test/", 443),
    (f"http://{PUBLIC_IP}/", f"{PUBLIC_IP}/", 80),
    (f"https://{PUBLIC_IP}/", f"{PUBLIC_IP}/", 443),
    (f"http://{NUMBER}/", f"{NUMBER}/", 80),
    (f"http://{NUMBER:#x}/", f"{NUMBER:#x}/", 80),
    ("http://0135.184.0xd7.14/", "0135.184.0xd7.14/", 80),
    (f"http://[{PUBLIC_IPV6}]/", f"[{PUBLIC_IPV6}]/", 80),
    (f"https://[{PUBLIC_IPV6}]/", f"[{PUBLIC_IPV6}]/", 443),
    ("http://[2606:2800:021F:CB07:0:0:0:1]/", f"[{PUBLIC_IPV6}]/", 80),
]


@pytest.fixture(autouse=True)
def good_names(network: Network) -> None:
    for name in ("site.test", "img_1.site.test", "xn--bcher-kva.test"):
        network.names.set(name, [PUBLIC_IP])


def test_there_are_at_least_forty_cases() -> None:
    assert len({typed for typed, _, _ in ADDRESSES}) >= 40


@pytest.mark.parametrize(("typed", "asked", "port"), ADDRESSES)
def test_an_address_is_fetched(network: Network, typed: str, asked: str, port: int) -> None:
    network.web.pages[asked] = http_response(BODY)
    assert fetch(typed).body == BODY
    ip = PUBLIC_IPV6 if "[" in typed else PUBLIC_IP
    assert network.connections == [(ip, port)]
    assert len(network.names.lookups) == 1
    assert network.unexpected_connections() == []
    # For an IP address, the client sends no server name.
    host = asked.partition("/")[0].removesuffix(":80")
    is_tls = "http://" not in typed
    assert network.web.server_names == ([None if ip in typed else host] if is_tls else [])


def test_a_response_has_the_address_after_redirects(network: Network) -> None:
    network.web.pages["site.test/b"] = http_response(BODY)
    network.web.pages["site.test/a"] = redirect("b#c")
    assert fetch("http://site.test/a").address.url == "http://site.test/b"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("start", "locations"),
    [
        ("http://site.test/a", ["/b", "c/d", "../end"]),
        ("http://site.test/a", ["?b", "?c", "end"]),
        ("http://site.test/a", ["https://site.test/end"]),
        ("http://site.test/a", ["//site.test/b", "https://open.test/c", "//site.test/end"]),
        ("https://site.test/a", ["HTTPS://SITE.TEST:443/b", "./end"]),
        ("http://site.test/a", ["http://site.test:443/b", "https://site.test/end"]),
        ("https://site.test/a", ["/\u00fc b", "end#c"]),
        ("https://site.test/a", [*(f"/{number}" for number in range(9)), "end"]),
        (
            "http://site.test/a",
            [f"http://{PUBLIC_IP}/b", f"http://[{PUBLIC_IPV6}]/c", "//site.test/end"],
        ),
    ],
)
def test_up_to_ten_redirects_are_followed(
    network: Network, status: int, start: str, locations: list[str]
) -> None:
    network.names.set("open.test", [PUBLIC_IP])
    steps = iter(locations)

    class Pages(dict[str, Page]):
        """Redirect every path to the next location."""

        def get(self, key: str, default: object = None) -> Page:
            return http_response(BODY) if key.endswith("/end") else redirect(next(steps), status)

    network.web.pages = Pages()
    fetched = fetch(start)
    assert fetched.body == BODY
    assert fetched.address.url.endswith("://site.test/end")
    assert len(network.web.requests) == len(network.names.lookups) == len(locations) + 1


def test_the_body_of_a_redirect_is_not_read(network: Network) -> None:
    network.web.pages["site.test/a"] = endless(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")
    network.web.pages["site.test/b"] = http_response(BODY)
    assert fetch("http://site.test/a").body == BODY


EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("page", "body"),
    [
        (http_response(BODY, "Content-Type: text/html"), BODY),
        (
            http_response(BODY, f"Content-Length: {len(BODY)}", "Content-Type: application/zip"),
            BODY,
        ),
        (http_response(BODY, f"Content-Length: {len(BODY)}", "Connection: keep-alive"), BODY),
        (http_response(BODY, "Content-Length: 5"), BODY[:5]),
        (http_response(BODY, "Content-Length: nonsense"), BODY),
        (http_response(BODY, "Content-Encoding: identity"), BODY),
        (http_response(BODY, "Content-Encoding: utf-8"), BODY),
        (http_response(BODY, "Content-Length: 999"), BODY),
        (http_response(b"", "Content-Length: 0"), b""),
        (http_response(BODY, status="203 Told by another"), BODY),
        (http_response(b"", status="204 No Content"), b""),
        (http_response(BODY, *(f"X-{number}: {'y' * 600}" for number in range(90))), BODY),
        (http_response(BODY, "Set-Cookie: a=b", "Refresh: 0; url=http://127.0.0.1/"), BODY),
        (b"HTTP/1.0 200 OK\r\n\r\n" + BODY, BODY),
        (b"HTTP/1.1 200\r\n\r\n" + BODY, BODY),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", b"hello"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + http_response(BODY), BODY),
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 5 + http_response(BODY), BODY),
        (EARLY_HINTS + http_response(BODY), BODY),
        (EARLY_HINTS * 3 + b"HTTP/1.1 100 Continue\r\n\r\n" + http_response(BODY), BODY),
        (CHUNKED + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", b"hello!"),
        (CHUNKED + b"5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n", b"hello"),
        (CHUNKED + b"00005\r\nhello\r\n0\r\n", b"hello"),
        (CHUNKED + b"0\r\n\r\n", b""),
        (CHUNKED + b"5\r\nhello\r\n" * 9999 + b"0\r\n\r\n", b"hello" * 9999),
        # Those that end early are cut short there.
        (CHUNKED + b"5\r\nhel", b"hel"),
        (CHUNKED + b"5\r\nhello", b"hello"),
        (CHUNKED + b"5\r\nhello\r\n", b"hello"),
        (CHUNKED + b"5\r\nhello\r\nf", b"hello"),
        (CHUNKED + b"5\r\nhello\r\nf\r\n", b"hello"),
        (CHUNKED + b"5\r\nhello\r\nfive\r\n", b"hello"),
        (CHUNKED + b"5\r\nhello\r\n-5\r\nhello\r\n", b"hello"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_body_is_received_unchanged_however_it_is_sent(
    network: Network, scheme: str, page: bytes, body: bytes
) -> None:
    network.web.pages["site.test/"] = page
    assert fetch(f"{scheme}://site.test/").body == body
    # Send it one byte at a time.
    network.web.pages["site.test/"] = lambda: (page[i : i + 1] for i in range(min(len(page), 999)))
    if len(page) < 999:
        assert fetch(f"{scheme}://site.test/").body == body


@pytest.mark.parametrize("headers", [[], ["X: no length"], ["Transfer-Encoding: chunked"]])
def test_a_body_of_up_to_fifteen_megabytes_is_accepted(
    network: Network, headers: list[str]
) -> None:
    assert MAX_BYTES == 15 * 1024 * 1024
    for size in (MAX_BYTES, MAX_BYTES + 1):
        body = b"x" * size
        if "Transfer-Encoding: chunked" in headers:
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
        network.web.pages[f"site.test/{size}"] = http_response(body, *headers)
    assert len(fetch(f"http://site.test/{MAX_BYTES}").body) == MAX_BYTES
    with pytest.raises(ValidationError, match=str(TOO_HEAVY)):
        fetch(f"http://site.test/{MAX_BYTES + 1}")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_request_has_only_the_necessary_headers(network: Network, scheme: str) -> None:
    network.web.pages["site.test/a"] = http_response(
        b"", "Location: /b", "Set-Cookie: a=b; Path=/", "Content-Length: 0", status="302 Found"
    )
    network.web.pages["site.test/b"] = http_response(BODY)
    fetch(f"{scheme}://site.test/a")
    first, second = network.web.requests
    names = {"Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language"}
    assert (set(first.headers), set(second.headers)) == (names, {*names, "Cookie"})
    assert first.headers["Host"] == "site.test"
    assert first.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionRefusedError(), OSError(101, "no")])
@pytest.mark.parametrize(("first", "second"), [(PUBLIC_IPV6, PUBLIC_IP), (PUBLIC_IP, PUBLIC_IPV6)])
def test_the_next_ip_address_is_tried_if_the_first_does_not_answer(
    network: Network, error: OSError, first: str, second: str
) -> None:
    network.names.set("site.test", [first, second, first])
    network.errors = {first: error}
    network.web.pages["site.test/"] = http_response(BODY)
    assert fetch("https://site.test/").body == BODY
    assert network.connections == [(first, 443), (second, 443)]
    assert network.names.lookups == ["site.test"]
    assert sum(network.timeouts[:1]) < 6


@pytest.mark.parametrize("name", "http_proxy https_proxy all_proxy HTTP_PROXY".split())
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxies_in_the_environment_are_ignored(
    network: Network, monkeypatch: pytest.MonkeyPatch, scheme: str, name: str
) -> None:
    ip, port = network.canaries["127.0.0.1"].address
    monkeypatch.setenv(name, f"http://{ip}:{port}")
    network.web.pages["site.test/"] = http_response(BODY)
    assert fetch(f"{scheme}://site.test/").body == BODY
    assert network.unexpected_connections() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_hosts_allowed_by_the_settings_are_fetched_from_only_at_their_port(
    network: Network, settings: Settings, host: str
) -> None:
    assert settings.FETCH_ALLOWED_HOSTS == []
    port = network.web.address[1]
    network.names.set("localhost", ["127.0.0.1"])
    network.web.pages[f"{host}:{port}/a"] = http_response(BODY)
    with pytest.raises(ValidationError):
        fetch(f"http://{host}:{port}/a")
    settings.FETCH_ALLOWED_HOSTS = [f"{host}:{port}"]
    assert fetch(f"http://{host}:{port}/a").body == BODY
    canary: Canary = network.canaries["127.0.0.1"]
    for other in (f"{host}:{canary.address[1]}", host, f"127.8.9.10:{port}", f"0x7f.1:{port}"):
        with pytest.raises(ValidationError):
            fetch(f"http://{other}/a")
        network.web.pages[f"{host}:{port}/on"] = redirect(f"http://{other}/a")
        with pytest.raises(ValidationError):
            fetch(f"http://{host}:{port}/on")
    assert network.unexpected_connections() == []


def test_a_star_in_allowed_hosts_does_not_make_every_host_the_site_itself(
    network: Network, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    network.web.pages["site.test/"] = http_response(BODY)
    assert fetch("http://site.test/").body == BODY
    with pytest.raises(ValidationError, match=str(UNREACHABLE)):
        fetch(settings.SITE_URL.rpartition(":")[0])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", [200, 302, 404])
def test_connections_are_closed(network: Network, scheme: str, status: int) -> None:
    start = f"HTTP/1.1 {status} OK\r\nLocation: http://[\r\n\r\n".encode()
    network.web.pages["site.test/"] = endless(start)
    # A reference to the error must not keep the connection open.
    with pytest.raises(ValidationError):
        fetch(f"{scheme}://site.test/")
    server = network.web.threads[-1]
    server.join(5)
    assert not server.is_alive()
