"""A web server that sends exactly the bytes that a test gives it."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, repeat
from socket import MSG_PEEK, SHUT_RDWR, create_connection, create_server, socket
from threading import Event, Thread

# A test that waits this long fails.
TIMEOUT = 20

Page = bytes | Callable[[], Iterable[bytes]]


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
    """A server that sends the bytes that a test gives it, with and without TLS on one port."""

    def __init__(self, contexts: dict[str, ssl.SSLContext]) -> None:
        self.pages: dict[str, Page] = {}
        # Sent to each client on connection, without reading a request.
        self.greeting: Page | None = None
        self.requests: list[Request] = []
        self.server_names: list[str | None] = []
        self.sent = 0
        self.over = Event()
        # On some systems, a sender does not notice that its peer has closed the connection, so
        # `close` shuts connections down through these duplicates.
        self.duplicates: set[socket] = set()
        self.contexts = contexts
        contexts[""].sni_callback = self._choose_certificate
        self.listener = create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self.threads = [Thread(target=self._accept)]
        self.threads[0].start()

    def close(self) -> None:
        self.over.set()
        create_connection(self.address).close()
        for duplicate in list(self.duplicates):
            with suppress(OSError):
                duplicate.shutdown(SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.listener.close()

    def drip(self, start: bytes = b"", drop: bytes = b"x") -> Page:
        """Return a page that starts at once, and then sends one drop at a time without end."""

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
        with suppress(OSError), connection, self._duplicate(connection):
            connection.settimeout(TIMEOUT)
            if self.greeting is not None:
                self._send(connection, self.greeting)
            elif connection.recv(1, MSG_PEEK) == b"\x16":
                with self.contexts[""].wrap_socket(connection, server_side=True) as wrapped:
                    self._answer(wrapped)
            else:
                self._answer(connection)

    @contextmanager
    def _duplicate(self, connection: socket) -> Iterator[None]:
        with connection.dup() as duplicate:
            self.duplicates.add(duplicate)
            try:
                yield
            finally:
                self.duplicates.discard(duplicate)

    def _answer(self, connection: socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += (chunk := connection.recv(4096))
            if not chunk:
                return
        self.requests.append(Request.parse(head))
        page = self.pages.get(self.requests[-1].address, http_response(b"", status="404 Not Found"))
        self._send(connection, page)

    def _send(self, connection: socket, page: Page) -> None:
        for chunk in [page] if isinstance(page, bytes) else page():
            connection.sendall(chunk)
            self.sent += len(chunk)


def http_response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a response with a Content-Length, or with only the given headers."""
    lines = [f"HTTP/1.1 {status}", *(headers or [f"Content-Length: {len(body)}"])]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    return http_response(
        b"", f"Location: {location}", "Content-Length: 0", status=f"{status} Found"
    )


def endless(start: bytes, chunk: bytes = b"x" * 65_536) -> Page:
    return lambda: chain([start], repeat(chunk))
