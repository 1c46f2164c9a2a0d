"""The proxies of deploy/ answer only under the name of the site."""

import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, UnixStreamServer
from threading import Thread

import pytest

from tools.servers import caddy, nginx
from tools.servers.proxy import Proxy

OTHERS = ["evil.example", "localhost.evil.example", "evil.example:443", "127.0.0.1", "_.example"]
# Spellings of the site's own name.
OURS = ["localhost", "LOCALHOST", "localhost:8080"]


class Echo(BaseHTTPRequestHandler):
    """Stands in for the site, and responds with the `Host` header that it received."""

    def do_GET(self) -> None:
        body = self.headers["Host"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "proxy"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing into the tests' output."""


class Site(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "Caddy"])
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("names")
    with Site(str(folder / "socket"), Echo) as site, request.param.deployed(folder) as proxy:
        Thread(target=site.serve_forever, daemon=True).start()
        yield proxy
        site.shutdown()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", OTHERS)
def test_other_names_are_refused(proxy: Proxy, host: str, scheme: str) -> None:
    response = proxy.send("/people/", scheme=scheme, headers={"Host": host})
    assert response.status == 421
    assert "Location" not in response.headers
    assert host.encode() not in response.data


@pytest.mark.parametrize("host", OURS)
def test_http_redirects_to_the_name_of_the_site_in_any_spelling(proxy: Proxy, host: str) -> None:
    response = proxy.send("/people/?page=2", scheme="http", headers={"Host": host})
    assert response.status == 301
    assert response.headers["Location"] == "https://localhost/people/?page=2"


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://localhost/people/", "evil.example", b"301"),
        ("http://evil.example/people/", "localhost", b"421"),
    ],
)
def test_http_does_not_redirect_to_a_name_in_the_request_line(
    proxy: Proxy, target: str, host: str, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        response = connection.makefile("rb").read()
    assert response.split()[1] == status
    assert b"evil.example" not in response


@pytest.mark.parametrize("name", ["evil.example", None])
def test_another_name_gets_no_certificate(proxy: Proxy, name: str | None) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", proxy.secure_port)) as connection,
        # Caddy says it in other words.
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name|alert.internal.error"),
    ):
        context.wrap_socket(connection, server_hostname=name)


@pytest.mark.parametrize("host", OURS)
def test_the_site_gets_the_host_header_unchanged(proxy: Proxy, host: str) -> None:
    assert proxy.send("/", headers={"Host": host}).data.decode() == host


@pytest.mark.parametrize("proxy", [nginx], indirect=True, ids=["nginx"])
def test_a_dot_at_the_end_does_not_make_another_name(proxy: Proxy) -> None:
    assert proxy.send("/", headers={"Host": "localhost."}).status == 200
    response = proxy.send("/people/", scheme="http", headers={"Host": "localhost."})
    assert response.headers["Location"] == "https://localhost/people/"
