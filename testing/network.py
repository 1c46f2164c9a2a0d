"""A network for tests: names and servers that tests control, and canaries that expect nobody."""

import ssl
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, repeat
from socket import (
    AF_INET,
    AF_INET6,
    AI_NUMERICHOST,
    MSG_PEEK,
    SHUT_RDWR,
    SocketKind,
    create_connection,
    create_server,
    gaierror,
    getaddrinfo,
    socket,
)
from threading import Event, Thread
from typing import Any

# Two addresses on the public internet, which lead to the tests' own server.
GOOD, GOOD_6 = "93.184.215.14", "2606:2800:21f:cb07::1"
# A test that waits this long fails.
TIMEOUT = 20

Page = bytes | Callable[[], Iterable[bytes]]


class Wires:
    """Records each attempt of this process to connect, and lets none leave the machine."""

    def __init__(self) -> None:
        self.is_watched = False
        self.tried: list[tuple[str, int]] = []
        # An audit hook cannot be removed.
        sys.addaudithook(self._hear)

    def _hear(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.is_watched:
            ip, port, *_ = details[1]
            self.tried.append((ip, port))
            if not ip.startswith("127.") and ip != "::1":
                raise ConnectionRefusedError("Tests connect only to this machine.")


WIRES = Wires()


class Canary:
    """A socket that nobody should connect to."""

    def __init__(self, ip: str) -> None:
        self.listener = create_server((ip, 0), family=AF_INET6 if ":" in ip else AF_INET)
        self.listener.setblocking(False)
        self.address: tuple[str, int] = self.listener.getsockname()[:2]

    def heard(self) -> list[bytes]:
        """Return what each client sent."""
        visits = []
        # A connection can be accepted as soon as its client knows that it is open.
        with suppress(BlockingIOError):
            while True:
                visitor, _ = self.listener.accept()
                with visitor, suppress(OSError):
                    visitor.settimeout(0.1)
                    visits.append(b"")
                    while words := visitor.recv(1024):
                        visits[-1] += words
        return visits


class Names:
    """A resolver. Each name has a list of answers, and repeats the last one."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Iterable[str] | OSError | Event]] = {}
        self.asked: list[str] = []

    def set(self, name: str, *answers: Iterable[str] | OSError | Event) -> None:
        self.answers[name] = list(answers)

    def __call__(self, host: str, port: int, *, type: SocketKind) -> list[Any]:  # noqa: A002
        def numeric(ip: str) -> list[Any]:
            return getaddrinfo(ip, port, type=type, flags=AI_NUMERICHOST)

        self.asked.append(host)
        answers = self.answers.get(host.rstrip("."))
        if not answers:
            # The system parses every notation of an address, and refuses all else.
            return numeric(host)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, OSError):
            raise answer
        if isinstance(answer, Event):
            answer.wait(TIMEOUT)
            raise gaierror("The name was not found.")
        return [record for ip in answer for record in numeric(ip)]


@dataclass(frozen=True)
class Request:
    """A request that a client sent."""

    target: str
    headers: dict[str, str]

    @classmethod
    def parse(cls, head: bytes) -> "Request":
        first, *lines = head.decode("ascii").split("\r\n\r\n")[0].split("\r\n")
        assert first.startswith("GET ")
        assert first.endswith(" HTTP/1.1")
        return cls(first.split(" ")[1], dict(line.split(": ", 1) for line in lines))

    @property
    def address(self) -> str:
        return self.headers["Host"] + self.target


class Web:
    """A server, with and without TLS on one port, that sends the bytes that a test gives it."""

    def __init__(self, contexts: dict[str, ssl.SSLContext]) -> None:
        self.pages: dict[str, Page] = {}
        # Sent to each client at once, without reading a request.
        self.greeting: Page | None = None
        self.requests: list[Request] = []
        self.server_names: list[str | None] = []
        self.sent = 0
        self.over = Event()
        # Some systems do not tell a sender that its peer has closed the connection.
        self.twins: set[socket] = set()
        self.contexts = contexts
        contexts[""].sni_callback = self._choose_certificate
        self.listener = create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self.threads = [Thread(target=self._accept)]
        self.threads[0].start()

    def close(self) -> None:
        self.over.set()
        create_connection(self.address).close()
        for twin in list(self.twins):
            with suppress(OSError):
                twin.shutdown(SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.listener.close()

    def drip(self, start: bytes = b"", drop: bytes = b"x") -> Page:
        """Return a page that starts at once and then sends one drop at a time, for ever."""

        def drip() -> Iterator[bytes]:
            yield start
            while not self.over.wait(0.02):
                yield drop

        return drip

    def _choose_certificate(
        self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> None:
        self.server_names.append(name)
        connection.context = self.contexts.get(name or "", self.contexts[""])

    def _accept(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            if self.over.is_set():
                connection.close()
                return
            self.threads.append(Thread(target=self._serve, args=[connection]))
            self.threads[-1].start()

    def _serve(self, connection: socket) -> None:
        with suppress(OSError), connection, self._twin(connection):
            connection.settimeout(TIMEOUT)
            if self.greeting is not None:
                self._send(connection, self.greeting)
            elif connection.recv(1, MSG_PEEK) == b"\x16":
                with self.contexts[""].wrap_socket(connection, server_side=True) as wrapped:
                    self._answer(wrapped)
            else:
                self._answer(connection)

    @contextmanager
    def _twin(self, connection: socket) -> Iterator[None]:
        with connection.dup() as twin:
            self.twins.add(twin)
            try:
                yield
            finally:
                self.twins.discard(twin)

    def _answer(self, connection: socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += (piece := connection.recv(4096))
            if not piece:
                return
        self.requests.append(Request.parse(head))
        page = self.pages.get(self.requests[-1].address, answer(b"", status="404 Not Found"))
        self._send(connection, page)

    def _send(self, connection: socket, page: Page) -> None:
        for piece in [page] if isinstance(page, bytes) else page():
            connection.sendall(piece)
            self.sent += len(piece)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a response with its length, or with only the given headers."""
    lines = [f"HTTP/1.1 {status}", *(headers or [f"Content-Length: {len(body)}"])]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(b"", f"Location: {location}", "Content-Length: 0", status=f"{status} Found")


def endless(start: bytes, piece: bytes = b"x" * 65_536) -> Page:
    return lambda: chain([start], repeat(piece))


class Network:
    """Names, a web server at the good addresses, and canaries at all others."""

    def __init__(self, contexts: dict[str, ssl.SSLContext]) -> None:
        self.names = Names()
        self.web = Web(contexts)
        self.canaries: dict[str, Canary] = {}
        for ip in ("127.0.0.1", "127.8.9.10", "::1"):
            # Not every machine has IPv6.
            with suppress(OSError):
                self.canaries[ip] = Canary(ip)
        self.answering = {GOOD, GOOD_6}
        self.failing: dict[str, OSError] = {}
        self.asked: list[tuple[str, int]] = []
        self.timeouts: list[float] = []
        WIRES.tried.clear()

    def close(self) -> None:
        self.web.close()
        for canary in self.canaries.values():
            canary.listener.close()

    def serve(self, address: str, page: Page) -> None:
        """Serve a page at an address, `host/path`, whose name resolves to a good IP address."""
        self.web.pages[address] = page
        self.names.set(address.partition("/")[0].partition(":")[0], [GOOD])

    def connect(self, address: tuple[str, int], timeout: float) -> socket:
        """Take the place of create_connection: the ports 80 and 443 lead to the tests' servers."""
        ip, port = address
        self.asked.append(address)
        self.timeouts.append(timeout)
        if port not in {80, 443}:
            return create_connection(address, timeout)
        if ip in self.failing:
            raise self.failing[ip]
        canary = self.canaries.get(ip, self.canaries["127.0.0.1"])
        return create_connection(self.web.address if ip in self.answering else canary.address, 5)

    def trespasses(self) -> list[object]:
        """Return the connections to anything but the web server, and what was sent there."""
        heard = [word for canary in self.canaries.values() for word in canary.heard()]
        return [*heard, *(tried for tried in WIRES.tried if tried != self.web.address)]
