"""The site as `make run` serves it; it takes no more than the site itself does."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(
    output: IO[str] | None = None, prefix: Sequence[str] = (), /, **environment: str
) -> Iterator[str]:
    """Serve the site with granian on a free port, and yield its address once it answers.

    `prefix` are the words of another program that starts it.
    """
    with running(output, prefix, **environment) as (_, url):
        yield url


@contextmanager
def running(
    output: IO[str] | None = None, prefix: Sequence[str] = (), /, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield the server as well, which leads a process group of its own, for who stops it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"DEBUG": "0", "SITE_URL": url, "MALLOC_ARENA_MAX": "2"}
    command = [*prefix, str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += ["--working-dir", "site", "--port", str(port), "--blocking-threads", "8"]
    command += ["--workers-kill-timeout", "2", "--log-level", "error", "config.wsgi:application"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | settings | environment,
        stdout=output,
        stderr=output,
        start_new_session=True,
    ) as server:
        try:
            wait_for(f"{url}/healthz", server)
            yield server, url
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("The server ended at once.") from None
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
