"""The site answers while hundreds of clients send or read slowly."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from people.models import Contact
from testing.stored_files import store
from tools.servers.site import serving

CLIENTS = 200
TOKEN = "a" * 32
# More than the buffers of a connection hold while the client does not read.
LARGE = 20_000_000
HEADERS = f"HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={TOKEN}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
UPLOAD = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
PART = '--b\r\nContent-Disposition: form-data; name="upload"; filename="a"\r\n\r\n'
STARTS = {
    "nothing": "",
    "the start of HTTP/2": "PRI * HTTP/2.0\r\n",
    "half the headers": f"GET /people/ {HEADERS}",
    "half a form": f"POST /accounts/login/ {HEADERS}{FORM}login=a",
    "half an upload": f"POST /images/add/ {HEADERS}{UPLOAD}{PART}{'x' * 100_000}",
    "a download that is not read": f"GET /media/large {HEADERS}\r\n",
}


@pytest.fixture(scope="module")
def site(server_environment: dict[str, str]) -> Iterator[str]:
    """Serve the site for these tests only, and yield its host and port."""
    store("large", bytes(LARGE))
    with serving(None, **server_environment, CACHE_URL="dummycache://") as url:
        yield urlsplit(url).netloc


@pytest.fixture
def connect(site: str) -> Iterator[Callable[[str], socket.socket]]:
    """Yield a function that connects and sends the start of a request, and keeps the connection."""
    with ExitStack() as connections:

        def connect(start: str) -> socket.socket:
            connection = connections.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(60)
            host, port = site.split(":")
            connection.connect((host, int(port)))
            connection.sendall(start.encode())
            return connection

        yield connect


def status(site: str, path: str, person: User, form: dict[str, str] | None = None) -> int:
    """Get a page or post a form as a signed-in user, and return the status."""
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {
        "Cookie": f"csrftoken={TOKEN}; {settings.SESSION_COOKIE_NAME}={session}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}) if form else None
    with closing(http.client.HTTPConnection(site, timeout=30)) as connection:
        connection.request("POST" if form else "GET", path, body, headers)
        return connection.getresponse().status


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_other_clients_get_responses(
    site: str,
    connect: Callable[[str], socket.socket],
    ana: User,
    ben: User,
    start: str,
) -> None:
    clients = [connect(start) for _ in range(CLIENTS)]
    for path in ("/healthz", "/", "/people/"):
        assert status(site, path, ana) == 200
    if start.startswith("POST"):
        for client in clients:
            client.sendall(b"x")
    assert status(site, "/people/ben/follow/", ana, {"action": "follow"}) == 303
    assert Contact.objects.filter(user_from=ana, user_to=ben).exists()


@pytest.mark.parametrize("start", [*STARTS][:3])
def test_a_connection_without_headers_is_closed(
    connect: Callable[[str], socket.socket], start: str
) -> None:
    connection = connect(STARTS[start])
    assert b"200" not in b"".join(iter(lambda: connection.recv(1024), b""))


def test_an_incomplete_form_changes_nothing(
    site: str, connect: Callable[[str], socket.socket], ana: User, ben: User
) -> None:
    client = Client()
    client.force_login(ana)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    form = urlencode({"csrfmiddlewaretoken": TOKEN, "action": "follow"})
    head = HEADERS.replace("csrftoken", f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken")
    connection = connect(f"POST /people/ben/follow/ {head}{FORM}{form}")
    connection.shutdown(socket.SHUT_WR)
    # The server closes the connection when it notices that nothing more will arrive.
    assert b"303" not in b"".join(iter(lambda: connection.recv(1024), b""))
    assert not Contact.objects.filter(user_from=ana, user_to=ben).exists()
