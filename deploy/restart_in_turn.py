"""Restart the servers behind HAProxy one after the other; no request fails.

    restart_in_turn.py COMMAND    such as "ssh {} systemctl restart magpie"

COMMAND restarts one server, and ends after the old server has ended. `{}` stands for the server's
name in haproxy.cfg. If a server is not ready after it, the others are not restarted. This runs on
the machine of HAProxy, with the system's Python 3.11 or newer.
"""

import argparse
import csv
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from socket import AF_UNIX, socket

SOCKET = "/run/haproxy/admin.sock"
# Backends with the same servers, which are checked for different things.
READY, ALIVE = "ready", "alive"
# Seconds until HAProxy would end a request, and until the site has to be ready.
LONGEST_REQUEST = 60
START = 120


class HAProxy:
    """The HAProxy that listens for commands at a socket."""

    def __init__(self, path: str) -> None:
        self.path = path

    def send(self, command: str) -> str:
        with socket(AF_UNIX) as line:
            line.connect(self.path)
            line.sendall(f"{command}\n".encode())
            return line.makefile().read().strip()

    def rows(self) -> list[dict[str, str]]:
        """Return what HAProxy knows about each server in each backend."""
        rows = csv.DictReader(self.send("show stat").removeprefix("# ").splitlines())
        return [row for row in rows if row["svname"] not in {"FRONTEND", "BACKEND"}]

    def servers(self) -> list[str]:
        return [row["svname"] for row in self.rows() if row["pxname"] == READY]

    def requests(self, server: str) -> int:
        """Return how many requests a server has not answered yet."""
        return sum(int(row["scur"]) for row in self.rows() if row["svname"] == server)

    def states(self, server: str) -> set[str]:
        """Return the states of a server in all backends."""
        return {row["status"].partition(" ")[0] for row in self.rows() if row["svname"] == server}

    def gets_requests(self, server: str) -> bool:
        return self.states(server) == {"UP"}

    def is_up(self, server: str, backend: str = READY) -> bool:
        """Return whether a backend gives a server requests."""
        return any(
            row["status"].startswith("UP")
            for row in self.rows()
            if (row["pxname"], row["svname"]) == (backend, server)
        )

    def drain(self, server: str) -> None:
        """Give a server no new requests."""
        self.change(server, "state drain")

    def admit(self, server: str) -> None:
        """Give a server requests, if its checks succeed."""
        self.change(server, "state ready")

    def forget_checks(self, server: str) -> None:
        """Regard a server as down until the next check succeeds."""
        self.change(server, "health down")

    def change(self, server: str, change: str) -> None:
        for backend in (READY, ALIVE):
            if answer := self.send(f"set server {backend}/{server} {change}"):
                sys.exit(f"HAProxy says: {answer}")


def wait_until(is_done: Callable[[], bool], seconds: int, problem: str) -> None:
    until = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > until:
            sys.exit(problem)
        time.sleep(0.1)


def restart(haproxy: HAProxy, server: str, command: str) -> None:
    """Restart a server while it gets no requests."""
    if not any(haproxy.is_up(other) for other in haproxy.servers() if other != server):
        sys.exit(f"No other server than {server} is ready.")
    haproxy.drain(server)
    try:
        problem = f"{server} still has requests. It was not restarted."
        wait_until(lambda: not haproxy.requests(server), LONGEST_REQUEST, problem)
        words = [word.replace("{}", server) for word in shlex.split(command)]
        if subprocess.run(words).returncode:
            sys.exit(f"{server}: the command failed.")
        # The checks that succeeded before say nothing about the new server.
        haproxy.forget_checks(server)
        problem = f"{server} is not ready. /readyz and the journal of Magpie say why."
        wait_until(lambda: haproxy.states(server) == {"DRAIN"}, START, problem)
    finally:
        # One that is not ready gets no requests, but will when it is.
        haproxy.admit(server)
    wait_until(lambda: haproxy.gets_requests(server), START, problem)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", help='such as "ssh {} systemctl restart magpie"')
    parser.add_argument("--socket", default=SOCKET, help="HAProxy's socket for commands")
    options = parser.parse_args()
    haproxy = HAProxy(options.socket)
    for server in haproxy.servers():
        restart(haproxy, server, options.command)
        print(f"{server} is restarted.", flush=True)


if __name__ == "__main__":
    main()
