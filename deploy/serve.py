"""Serve the site at a Unix socket. SIGHUP restarts it and SIGTERM ends it; no request fails.

    serve.py SOCKET OPTION...    the options are granian's

granian drops connections that it has just accepted when it is told to stop. So SOCKET is first
pointed to the next server, or removed, and only then is the old server told.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from socket import AF_UNIX, socket

# Seconds within which a client that has connected sends its request. A proxy does so at once.
DRAIN = 2.0
# Seconds within which the site has to start.
START = 60
# A kept connection would lead to a server that is about to end.
GRANIAN = [sys.executable, str(Path(__file__).parents[1] / "site/web/server.py")]
GRANIAN += ["--no-http1-keep-alive", "--uds-permissions", "0660"]


class Server:
    """A granian server with a socket of its own."""

    def __init__(self, path: Path, options: list[str]) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        # Ctrl-C does not reach a process group of its own.
        self.process = subprocess.Popen([*GRANIAN, "--uds", str(path), *options], process_group=0)

    def is_up(self) -> bool:
        """Wait until the server answers. Return False if it does not."""
        until = time.monotonic() + START
        while self.process.poll() is None and time.monotonic() < until:
            with suppress(OSError), socket(AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(self.path))
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if line.recv(12) == b"HTTP/1.1 200":
                    return True
            time.sleep(0.1)
        return False

    def end(self) -> None:
        """End the server after it has answered all requests."""
        self.process.terminate()
        self.process.wait()
        self.path.unlink(missing_ok=True)


def point(name: Path, path: Path) -> None:
    """Point the socket `name` to the socket `path`."""
    link = name.with_name(f"{name.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(name)


def replace(name: Path, server: Server, new: Server) -> Server:
    """Let `new` answer instead of `server`, if it starts. Return the one that answers."""
    if new.is_up():
        point(name, new.path)
        server, new = new, server
        time.sleep(DRAIN)
    new.end()
    return server


def main() -> int:
    name, options = Path(sys.argv[1]).absolute(), sys.argv[2:]
    # Only the owner can use the socket until granian opens it to the group.
    os.umask(0o077)
    signals: SimpleQueue[int] = SimpleQueue()
    for number in signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD:
        signal.signal(number, lambda number, _: signals.put(number))
    paths = (name.with_name(f"{name.name}.{number}") for number in count())
    server = Server(next(paths), options)
    if not server.is_up():
        server.end()
        return 1
    point(name, server.path)
    while server.process.poll() is None:
        match signals.get():
            case signal.SIGHUP:
                server = replace(name, server, Server(next(paths), options))
            case signal.SIGTERM | signal.SIGINT:
                name.unlink(missing_ok=True)
                time.sleep(DRAIN)
                server.end()
                return 0
    return server.process.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
