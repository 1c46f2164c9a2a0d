"""Addresses that are not fetched, whether typed, redirected to, or resolved from a name."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network
from socket import create_connection, gaierror

import pytest
from django_stubs_ext import StrOrPromise
from pytest_django import Settings

from images.fetching.addresses import TOO_LONG, WRONG_PORT
from images.fetching.causes import (
    INSECURE_REDIRECT,
    MISSING,
    TOO_MANY_REDIRECTS,
    UNREACHABLE,
)
from images.fetching.fetch import fetch
from testing.network import PUBLIC_IP, PUBLIC_IPV6, Network
from testing.refusal import MESSAGES, refusal
from testing.scripted_web import http_response, redirect
from web.addresses import NOT_AN_ADDRESS, WITH_CREDENTIALS, WRONG_SCHEME

MB = 1024 * 1024
PUBLIC = {(PUBLIC_IP, 80), (PUBLIC_IP, 443)}

NETWORKS_4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/29
    192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    224.0.0.0/4 240.0.0.0/4 168.63.129.16/32 169.254.169.254/32 100.100.100.200/32
"""
NETWORKS_6 = """
    ::/128 ::1/128 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 1000::/4
    2001::/23 2001::/32 2001:2::/48 2001:10::/28 2001:20::/28 2001:db8::/32 2002::/16
    2002:7f00:1::/48 3fff::/20 4000::/2 8000::/1 5f00::/16 fc00::/7
    fd00:ec2::254/128 fe80::/10 fec0::/10 ff00::/8 ff02::1/128 2606:4700::5efe:7f00:1/128
    2606:4700::200:5efe:a9fe:a9fe/128 2001:0:4136:e378:8000:63bf:80ff:fffe/128
"""


def ends(networks: str) -> list[str]:
    pairs = [(ip_network(name)[0], ip_network(name)[-1]) for name in networks.split()]
    return list(dict.fromkeys(str(ip) for pair in pairs for ip in pair))


def notations(ip: str) -> Iterator[str]:
    """Yield notations of an IPv4 address, including some that resolvers do not accept."""
    number = int(IPv4Address(ip))
    a, b, c, d = IPv4Address(ip).packed
    yield from (str(number), hex(number), hex(number).upper(), f"0{number:o}")
    yield from (f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}")
    yield from (f"0{a:o}.{b}.{c}.0x{d:x}", f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{c * 256 + d}")
    yield from (f"000{a:o}.{b}.{c}.{d}", f"0x{a:x}.{number & 0xFFFFFF}", f"{ip}.", f"{ip}.in.test")
    yield from (f"[::{ip}]", f"[::FFFF:{ip}]", f"[::ffff:{a:x}{b:02x}:{c:x}{d:02x}]")
    yield from (f"[0:0:0:0:0:ffff:{ip}]", f"[64:ff9b::{ip}]", f"[2002:{a:x}{b:02x}:{c:x}{d:02x}::]")
    # Full-width digits, and circled or superscript ones.
    yield ip.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789."})
    yield ip.replace(".", "\u3002")
    yield ip.replace("1", "\u2460").replace("2", "\u00b2")


BAD_4, BAD_6 = ends(NETWORKS_4), ends(NETWORKS_6)
NOT_PUBLIC: list[tuple[str, list[str]]] = [
    *((f"http://{ip}/", []) for ip in BAD_4),
    *((f"https://[::ffff:{ip}]/", []) for ip in BAD_4),
    *((f"http://[{ip}]/", []) for ip in BAD_6),
    *(("https://bad.test/", [ip]) for ip in (*BAD_4, *BAD_6)),
    *(("http://bad.test/", [PUBLIC_IP, ip]) for ip in BAD_4),
    ("http://bad.test/", ["127.0.0.1", PUBLIC_IP]),
    ("http://bad.test/", [PUBLIC_IPV6, "::1", PUBLIC_IP]),
    ("http://bad.test/", [PUBLIC_IP, f"::ffff:{PUBLIC_IP}", "::ffff:10.0.0.1"]),
    ("http://bad.test/", ["fe80::1%1"]),
    ("http://bad.test/", ["0x7f.1"]),
    ("http://bad.test/", []),
    ("http://BAD.test./", ["127.0.0.1"]),
    ("http://bad.test:443/", ["127.0.0.1"]),
    ("https://bad.test:80/", ["127.0.0.1"]),
    ("bad.test", ["127.0.0.1"]),
    ("bad.test:80/latest/meta-data", ["169.254.169.254"]),
    ("http://\uff42\uff41\uff44.test/", ["127.0.0.1"]),
]
ODD_SPELLINGS: dict[StrOrPromise, list[str]] = {
    UNREACHABLE: [
        *(
            f"http://{host}/"
            for ip in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1")
            for host in notations(ip)
        ),
        *"""
        http://localhost/ http://LOCALHOST:443/ http://localhost./ http://foo.localhost/ localhost
        http://metadata.google.internal/computeMetadata/v1/ http://host.docker.internal/
        http://0/ http://00/ http://0x/ http://1/ http://127.1:80/ http://127.1?a
        http://127.000.000.001/ http://0x7f.0.0x0.01/ http://4294967296/
        http://256.256.256.256/ http://10.1.1/ http://1.1.1.1.1/ http://99999999999999999999/
        http://08.8.8.8/ http://127.0.0.1.nip.io/ HTTP://127.0.0.1/ 127.0.0.1 127.0.0.1:443
        http://127.0.0.1#site.test http://127.0.0.1:80?site.test http://127.0.0.1:0080/
        http://127.0.0.1:/ http://127.0.0.1/%2e%2e/@site.test https://127.0.0.1:80/
        http://[::1]:443/ http://[0:0:0:0:0:0:0:1]/ http://[FE80::1]/
        http://[0000:0000:0000:0000:0000:0000:0000:0001]/ http://[::ffff:7f00:1]/
        http://[::ffff:0:127.0.0.1]/ http://[2606:4700:0:0:0:5EFE:127.0.0.1]/
        http://127\uff0e0\uff0e0\uff0e1/ http://127\uff610\uff610\uff611/
        http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/ http://-/ http://_/
        http://[v1.127]/ http://127-0-0-1/ http://a/ http://127.0.0.1\u3002/
        """.split(),
        "  http://127.0.0.1/  ",
        "\u2003http://10.0.0.1/\u2003",
    ],
    NOT_AN_ADDRESS: [
        *"""
        http:// https:/// http:/127.0.0.1/ http:127.0.0.1/a http:///127.0.0.1/ //127.0.0.1/ /etc
        http://./ http://../ http://127.0.0.1../ http://.127.0.0.1/ http://127..1/ http://%/
        http://127%2e0%2e0%2e1/ http://%31%32%37.0.0.1/ http://127.0.0.1%00/ http://127.0.0.1%2f/
        http://127.0.0.1%23.site.test/ http://127.0.0.1%40site.test/ http://127.0.0.1,site.test/
        http://127.0.0.1;site.test/ http://127.0.0.1&site.test/ http://127.0.0.1+/ http://(127.1)/
        http://127.0.0.1\\.site.test/ http:\\\\127.0.0.1\\ http://\\127.0.0.1/ http:/\\127.0.0.1/
        http://127.0.0.1\\ http://*/ http://"127.0.0.1"/ http://<127.0.0.1>/ http://{127.0.0.1}/
        http://$(127.0.0.1)/ http://127.0.0.1|/ http://^127.0.0.1/ http://`127.0.0.1`/
        http://[/ http://]/ http://[]/ http://[::1/ http://::1/ http://[127.0.0.1]/ http://[[::1]]/
        http://[::1%25lo]/ http://[::1%lo]/ http://[fe80::1%251]/ http://[fe80::1%eth0]/
        http://[::1%]/ http://[::g]/ http://[1:2:3]/ http://[0x7f.1]/ http://[::127.1]/
        http://[::ffff:0177.0.0.1]/ http://[:::1]/ http://[1::2::3]/ http://[localhost]/
        http://127.0.0.1:80:80/ http://127.0.0.1:x/ http://127.0.0.1:-80/ http://127.0.0.1:+80/
        http://127.0.0.1:80.0/ http://127.0.0.1:0x50/ http://127.0.0.1:65616/ http://a:99999999/
        http://127.0.0.1:\uff18\uff10/ http://127.0.0.1\uff1a80/ http://127.0.0.1\uff0fsite.test/
        http://site.test\uff20127.0.0.1/ http://site.test\uff03@127.0.0.1/ http://\u2100.test/
        http://\u200d.test/ http://\u202e1.0.0.721/ http://\ud800.test/ http://xn--\u00e4.test/
        http://127.0.0.1/\ud800
        """.split(),
        *(f"http://127.0.0.1{character}/" for character in "\0\1\t\r\n\v\f\x1b\x7f \x85\xa0\u2028"),
        *(
            f"http://site.test/{character}"
            for character in ("a\0b", "a\tb", "a\r\nHost: b", "\x7fa")
        ),
        f"http://{'a' * 64}.test/",
        f"http://{'a.' * 127}test/",
        "http://127.0.0.1 site.test/",
    ],
    WRONG_SCHEME: """
        ftp://127.0.0.1/ file:///etc/passwd file://127.0.0.1/etc/passwd gopher://127.0.0.1:80/_GET
        dict://127.0.0.1:11211/stat ldap://127.0.0.1/ ws://127.0.0.1/ wss://127.0.0.1/ tftp://10.0.0.1/
        javascript:alert(1) JavaScript://site.test/%0aalert(1) data:image/png;base64,iVBORw0KGgo=
        view-source:http://127.0.0.1/ jar:http://127.0.0.1!/ blob:http://127.0.0.1/a about:blank
        unix:/var/run/docker.sock netdoc:///etc/passwd httpx://127.0.0.1/ h+ttp://127.0.0.1/
        url:http://127.0.0.1/ feed://127.0.0.1/ smb://127.0.0.1/a ssh://127.0.0.1 mailto:a@site.test
    """.split(),
    WITH_CREDENTIALS: """
        http://site.test@127.0.0.1/ http://a:b@127.0.0.1/ http://@127.0.0.1/ http://:@127.0.0.1/
        http://site.test:80@127.0.0.1/ http://127.0.0.1@site.test/ http://127.0.0.1:80@site.test/
        http://a@b@127.0.0.1/ http://127.0.0.1\\@site.test/ https://site.test%20@127.0.0.1/
        a@127.0.0.1 http://site.test:443@[::1]/ http://@[::ffff:127.0.0.1]/ http://1:2@site.test/
    """.split(),
    WRONG_PORT: [
        *(
            f"http://127.0.0.1:{port}/"
            for port in (0, 1, 21, 22, 25, 79, 81, 442, 444, 8000, 65535)
        ),
        *(f"https://site.test:{port}/" for port in (0, 22, 3306, 5432, 6379, 8080, 8443, 11211)),
        *("127.0.0.1:8000/admin/", "site.test:22", "http://[::1]:8080/", "http://2130706433:8080/"),
    ],
    TOO_LONG % {"limit_value": 2000}: [
        f"http://127.0.0.1/{'a' * 2000}",
        f"http://127.0.0.1/?{chr(228) * 500}",
    ],
}
CASES: list[tuple[str, list[str], StrOrPromise]] = [
    *((url, ips, UNREACHABLE) for url, ips in NOT_PUBLIC),
    *((url, [], message) for message, urls in ODD_SPELLINGS.items() for url in urls),
]


def test_there_are_at_least_two_hundred_different_cases() -> None:
    assert len(CASES) == len({(url, *ips) for url, ips, _ in CASES})
    assert len(CASES) >= 200


def test_no_message_names_an_address_a_host_or_a_port() -> None:
    assert len(MESSAGES) >= 12
    for message in MESSAGES:
        assert not re.search(r"\d\.\d|:\d|[a-z]\.[a-z]|::|port \d", message.pattern)


@pytest.mark.parametrize(("url", "ips", "message"), CASES, ids=ascii)
def test_refused_addresses_are_not_connected_to_whether_typed_or_redirected_to(
    network: Network, url: str, ips: list[str], message: str
) -> None:
    network.names.set("bad.test", ips)
    assert refusal(url) == message
    assert (network.connections, network.unexpected_connections()) == ([], [])

    scheme = "https" if url.casefold().startswith("https:") else "http"
    network.serve("open.test/", redirect(url.encode(errors="replace").decode()))
    refusal(f"{scheme}://open.test/")
    assert network.connections
    assert PUBLIC.issuperset(network.connections)
    assert network.unexpected_connections() == []


def test_unexpected_connections_are_noticed(network: Network) -> None:
    for canary in network.canaries.values():
        with create_connection(canary.address) as visitor:
            visitor.sendall(b"tweet")
        assert canary.received() == [b"tweet"]
    assert len(network.unexpected_connections()) == len(network.canaries)
    with pytest.raises(ConnectionRefusedError):
        create_connection(("10.0.0.1", 80))
    assert ("10.0.0.1", 80) in network.unexpected_connections()
    network.connect(("10.0.0.1", 80), 1).close()
    assert b"" in network.unexpected_connections()


def test_an_open_port_of_another_service_is_not_connected_to(network: Network) -> None:
    for ip, port in [canary.address for canary in network.canaries.values()]:
        assert refusal(f"http://{f'[{ip}]' if ':' in ip else ip}:{port}/") == WRONG_PORT
    assert (network.connections, network.unexpected_connections()) == ([], [])


def test_blocked_missing_and_closed_addresses_get_the_same_message(network: Network) -> None:
    network.names.set("blocked.test", ["10.0.0.1"])
    network.names.set("missing.test", gaierror(-2, "Name or service not known"))
    network.names.set("closed.test", [PUBLIC_IP])
    network.names.set("silent.test", [PUBLIC_IPV6])
    network.errors = {
        PUBLIC_IP: ConnectionRefusedError("[Errno 111] Connection refused"),
        PUBLIC_IPV6: TimeoutError("timed out"),
    }
    names = ["blocked", "missing", "closed", "silent", "unheard-of"]
    assert {refusal(f"http://{name}.test/") for name in names} == {UNREACHABLE}


@pytest.mark.parametrize(
    "bad", [["127.0.0.1"], ["::1"], [PUBLIC_IP, "10.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_whose_next_lookup_is_not_public_is_refused(
    network: Network, bad: list[str]
) -> None:
    network.serve("turn.test/", http_response(b"once"))
    network.names.set("turn.test", [PUBLIC_IP], bad)
    assert fetch("http://turn.test/").body == b"once"
    assert network.names.lookups == ["turn.test"]
    assert network.connections == [(PUBLIC_IP, 80)]
    assert refusal("http://turn.test/") == UNREACHABLE
    assert len(network.connections) == 1
    assert network.unexpected_connections() == []


@pytest.mark.parametrize(
    "location", ["/", "//turn.test/", "http://turn.test/", "https://turn.test"]
)
def test_a_name_whose_lookup_after_a_redirect_is_not_public_is_refused(
    network: Network, location: str
) -> None:
    network.serve("turn.test/", redirect(location))
    network.names.set("turn.test", [PUBLIC_IP], ["127.0.0.1"])
    assert refusal("http://turn.test/") == UNREACHABLE
    assert network.names.lookups == ["turn.test"] * 2
    assert network.connections == [(PUBLIC_IP, 80)]
    assert network.unexpected_connections() == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("hops", [1, 3, 10])
def test_a_private_address_after_redirects_is_not_connected_to(
    network: Network, status: int, hops: int
) -> None:
    for hop in range(hops):
        location = f"/{hop + 1}" if hop + 1 < hops else "http://127.0.0.1/"
        network.serve(f"open.test/{hop}", redirect(location, status))
    assert refusal("http://open.test/0") == UNREACHABLE
    assert network.connections == [(PUBLIC_IP, 80)] * hops
    assert network.unexpected_connections() == []


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("/loop", TOO_MANY_REDIRECTS),
        ("", TOO_MANY_REDIRECTS),
        ("loop?again", TOO_MANY_REDIRECTS),
        ("//site.test/loop", TOO_MANY_REDIRECTS),
        ("http://site.test/loop", INSECURE_REDIRECT),
        ("http://10.0.0.1/", INSECURE_REDIRECT),
        ("//127.0.0.1/", UNREACHABLE),
        ("///127.0.0.1/", MISSING % {"status": 404}),
        (
            "https:127.0.0.1",
            MISSING % {"status": 404},
        ),
        (
            "\\\\127.0.0.1\\",
            MISSING % {"status": 404},
        ),
        ("https://[", UNREACHABLE),
        ("https://127.0.0.1\\@site.test/", WITH_CREDENTIALS),
        ("https://site.test:8443/", WRONG_PORT),
        ("ftp://site.test/", WRONG_SCHEME),
        ("https://b\u00e4d.test/", UNREACHABLE),
    ],
)
def test_each_redirect_is_checked(network: Network, location: str, message: str) -> None:
    for path in ("", "?again"):
        network.serve(f"site.test/loop{path}", redirect(location))
    assert refusal("https://site.test/loop") == message
    assert len(network.web.requests) == (
        11 if message == str(TOO_MANY_REDIRECTS) else len(network.connections)
    )
    assert set(network.connections) == {(PUBLIC_IP, 443)}
    assert network.unexpected_connections() == []


@pytest.mark.parametrize(
    "host",
    [
        *(
            "magpie.test",
            "MAGPIE.test",
            "magpie.test.",
            "www.birds.test",
            "birds.test",
            "BIRDS.test.",
        ),
        *("\u217fagpie.test", "magpie\u3002test", "magpie.test:443", "xn--bcher-kva.test"),
        *("b\u00fccher.test", "B\u00dcCHER.test", f"[{PUBLIC_IPV6}]", f"[{PUBLIC_IPV6.upper()}]"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_site_does_not_fetch_from_itself(
    network: Network, settings: Settings, scheme: str, host: str
) -> None:
    settings.SITE_HOST = "magpie.test"
    settings.ALLOWED_HOSTS = ["*", ".birds.test", "xn--bcher-kva.test", f"[{PUBLIC_IPV6}]"]
    for name in ("magpie.test", "birds.test", "www.birds.test", "xn--bcher-kva.test"):
        network.names.set(name, [PUBLIC_IP])
    assert refusal(f"{scheme}://{host}/") == UNREACHABLE
    assert (network.names.lookups, network.connections) == ([], [])
    network.serve("open.test/", redirect(f"{scheme}://{host}/"))
    assert refusal(f"{scheme}://open.test/") == UNREACHABLE
    assert network.names.lookups == ["open.test"]
    assert PUBLIC.issuperset(network.connections)
