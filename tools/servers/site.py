"""The site as `make run` serves it. This needs only the packages of the site."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
OPTIONS = ["config.wsgi:application"]


@contextmanager
def serving(
    output: IO[str] | None = None, prefix: Sequence[str] = (), /, **environment: str
) -> Iterator[str]:
    """Serve the site with granian on a free port, and yield its address once it responds.

    `prefix` is a command that runs another, such as `setpriv`.
    """
    with serving_process(output, prefix, **environment) as (_, url):
        yield url


@contextmanager
def serving_process(
    output: IO[str] | None = None, prefix: Sequence[str] = (), /, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield the server process too. It leads a process group, so that all of it can be killed."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [*prefix, sys.executable, "site/web/server.py", "--port", str(port)]
    command += ["--workers-kill-timeout", "2", *OPTIONS]
    with server_process(command, output, **({"SITE_URL": url} | environment)) as server:
        wait_for(f"{url}/healthz", server)
        yield server, url


@contextmanager
def serving_at_socket(
    path: Path, output: IO[str] | None = None, /, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the site at a Unix socket, for a proxy that terminates TLS, as in deploy/."""
    command = [sys.executable, "deploy/serve.py", str(path), *OPTIONS]
    with server_process(command, output, SITE_URL="https://localhost", **environment) as server:
        wait_until(path.exists, server)
        yield server


@contextmanager
def server_process(
    command: list[str], output: IO[str] | None, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"DEBUG": "0", "MALLOC_ARENA_MAX": "2"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | settings | environment,
        stdout=output,
        stderr=output,
        start_new_session=True,
    ) as server:
        try:
            yield server
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    """Return whether a server answers with success."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: answers(url), server)


def wait_until(is_done: Callable[[], bool], server: subprocess.Popen[bytes]) -> None:
    """Wait up to 60 seconds until `is_done()`, while the server runs."""
    for _ in range(600):
        if is_done():
            return
        if server.poll() is not None:
            raise RuntimeError("The server ended at once.")
        time.sleep(0.1)
    raise TimeoutError("The server was not ready within 60 seconds.")
