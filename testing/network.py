"""A network that tests control: name resolution, a web server, and a guard on connections."""

import ssl
import sys
from collections.abc import Iterable
from contextlib import suppress
from socket import (
    AF_INET,
    AF_INET6,
    AI_NUMERICHOST,
    SocketKind,
    create_connection,
    create_server,
    gaierror,
    getaddrinfo,
    socket,
)
from threading import Event
from typing import Any

from testing.scripted_web import TIMEOUT, Page, Web

# Public addresses. Connections to them reach the tests' own server.
PUBLIC_IP, PUBLIC_IPV6 = "93.184.215.14", "2606:2800:21f:cb07::1"


class ConnectGuard:
    """Records each connection attempt of this process, and refuses those that leave the machine."""

    def __init__(self) -> None:
        self.is_active = False
        self.attempts: list[tuple[str, int]] = []
        # An audit hook cannot be removed.
        sys.addaudithook(self._audit)

    def _audit(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.is_active:
            ip, port, *_ = details[1]
            self.attempts.append((ip, port))
            if not ip.startswith("127.") and ip != "::1":
                raise ConnectionRefusedError("Tests connect only to this machine.")


CONNECT_GUARD = ConnectGuard()


class Canary:
    """A socket that nobody should connect to."""

    def __init__(self, ip: str) -> None:
        self.listener = create_server((ip, 0), family=AF_INET6 if ":" in ip else AF_INET)
        self.listener.setblocking(False)
        self.address: tuple[str, int] = self.listener.getsockname()[:2]

    def received(self) -> list[bytes]:
        """Return the bytes that each client sent."""
        received = []
        # A connection can be accepted as soon as its client knows that it is open.
        with suppress(BlockingIOError):
            while True:
                client, _ = self.listener.accept()
                with client, suppress(OSError):
                    client.settimeout(0.1)
                    received.append(b"")
                    while data := client.recv(1024):
                        received[-1] += data
        return received


class Resolver:
    """Resolves names for tests. Each name has a list of answers, and the last one is repeated."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Iterable[str] | OSError | Event]] = {}
        self.lookups: list[str] = []

    def set(self, name: str, *answers: Iterable[str] | OSError | Event) -> None:
        self.answers[name] = list(answers)

    def __call__(self, host: str, port: int, *, type: SocketKind) -> list[Any]:  # noqa: A002
        def numeric(ip: str) -> list[Any]:
            return getaddrinfo(ip, port, type=type, flags=AI_NUMERICHOST)

        self.lookups.append(host)
        answers = self.answers.get(host.rstrip("."))
        if not answers:
            # The system parses every notation of an IP address, and refuses everything else.
            return numeric(host)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, OSError):
            raise answer
        if isinstance(answer, Event):
            answer.wait(TIMEOUT)
            raise gaierror("The name was not found.")
        return [record for ip in answer for record in numeric(ip)]


class Network:
    """A resolver, a web server at the public addresses, and canaries at all others."""

    def __init__(self, contexts: dict[str, ssl.SSLContext]) -> None:
        self.names = Resolver()
        self.web = Web(contexts)
        self.canaries: dict[str, Canary] = {}
        for ip in ("127.0.0.1", "127.8.9.10", "::1"):
            # Not every machine has IPv6.
            with suppress(OSError):
                self.canaries[ip] = Canary(ip)
        self.reachable = {PUBLIC_IP, PUBLIC_IPV6}
        self.errors: dict[str, OSError] = {}
        self.connections: list[tuple[str, int]] = []
        self.timeouts: list[float] = []
        CONNECT_GUARD.attempts.clear()

    def close(self) -> None:
        self.web.close()
        for canary in self.canaries.values():
            canary.listener.close()

    def serve(self, address: str, page: Page) -> None:
        """Serve a page at an address, `host/path`, whose name resolves to a public address."""
        self.web.pages[address] = page
        self.names.set(address.partition("/")[0].partition(":")[0], [PUBLIC_IP])

    def connect(self, address: tuple[str, int], timeout: float) -> socket:
        """Replace create_connection: connections to ports 80 and 443 reach the tests' servers."""
        ip, port = address
        self.connections.append(address)
        self.timeouts.append(timeout)
        if port not in {80, 443}:
            return create_connection(address, timeout)
        if ip in self.errors:
            raise self.errors[ip]
        canary = self.canaries.get(ip, self.canaries["127.0.0.1"])
        return create_connection(self.web.address if ip in self.reachable else canary.address, 5)

    def unexpected_connections(self) -> list[object]:
        """Return connections to anything but the web server, and the bytes sent over them."""
        received = [data for canary in self.canaries.values() for data in canary.received()]
        attempts = CONNECT_GUARD.attempts
        return [*received, *(address for address in attempts if address != self.web.address)]
