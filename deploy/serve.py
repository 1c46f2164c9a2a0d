"""Serve the site at a Unix socket: SIGHUP starts it anew, SIGTERM ends it, and no request fails.

    serve.py SOCKET OPTION...    the options are granian's

granian drops connections that it has just accepted when it is told to stop. Here the name SOCKET
leads to the next server first, or nowhere, and only then is the one before told.
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

# Seconds in which who has connected sends a request, as a proxy does at once.
DRAIN = 2.0
# Seconds in which the site has to start.
START = 60
# A connection that is kept would go on to a server that ends.
GRANIAN = [sys.executable, str(Path(__file__).parents[1] / "site/web/server.py")]
GRANIAN += ["--no-http1-keep-alive", "--uds-permissions", "0660"]


class Server:
    """granian, at a socket of its own."""

    def __init__(self, path: Path, options: list[str]) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        # In a group of its own, Ctrl-C does not reach it.
        self.process = subprocess.Popen([*GRANIAN, "--uds", str(path), *options], process_group=0)

    def is_up(self) -> bool:
        """Wait until it answers; False if it does not."""
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
        """End it, once all that came have been answered."""
        self.process.terminate()
        self.process.wait()
        self.path.unlink(missing_ok=True)


def lead(name: Path, path: Path) -> None:
    """Let all who connect to `name` from now on get to `path`."""
    link = name.with_name(f"{name.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    link.replace(name)


def main() -> int:
    name, options = Path(sys.argv[1]).absolute(), sys.argv[2:]
    # A socket is for its owner alone until granian opens it to the group.
    os.umask(0o077)
    signals: SimpleQueue[int] = SimpleQueue()
    for number in signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD:
        signal.signal(number, lambda number, _: signals.put(number))
    paths = (name.with_name(f"{name.name}.{number}") for number in count())
    server = Server(next(paths), options)
    if not server.is_up():
        server.end()
        return 1
    lead(name, server.path)
    while server.process.poll() is None:
        match signals.get():
            case signal.SIGHUP:
                new = Server(next(paths), options)
                if new.is_up():
                    lead(name, new.path)
                    server, new = new, server
                    time.sleep(DRAIN)
                # Or the new one, which did not start.
                new.end()
            case signal.SIGTERM | signal.SIGINT:
                name.unlink(missing_ok=True)
                time.sleep(DRAIN)
                server.end()
                return 0
    return server.process.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
