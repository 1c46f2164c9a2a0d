"""How many requests a second the server answers."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter, sleep

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from bench.data import READERS

SECONDS = 5.0
CONNECTIONS = 4
ROOT = Path(__file__).parents[1]


def measure() -> None:
    """Print the requests a second of an empty view, and of the feed for each reader."""
    print(f"| what the server answers to {CONNECTIONS} connections | requests a second |")
    print("|---|---|")
    with served() as port:
        print(f"| an empty view | {requests_a_second(port, '/bench/empty/', {}):.0f} |")
        for pk, followed in READERS.items():
            headers = {"HX-Request": "true", "Cookie": session_of(User.objects.get(pk=pk))}
            rate = requests_a_second(port, "/stream/", headers)
            print(f"| the feed of a reader who follows {followed} | {rate:.0f} |", flush=True)
    print()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served() -> Iterator[int]:
    """Serve the site as `make run` does, and yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += ["--working-dir", "site", "--port", str(port), "--log-level", "error"]
    command += ["--blocking-threads", "8", "config.wsgi:application"]
    environment = os.environ | {"SITE_URL": f"http://127.0.0.1:{port}", "DEBUG": "0"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise TimeoutError("The server did not start.")


def requests_a_second(port: int, path: str, headers: dict[str, str]) -> float:
    def ask(until: float) -> int:
        count = 0
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            while perf_counter() < until:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                body = response.read()
                if response.status != 200:
                    raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
                count += 1
        return count

    ask(perf_counter() + 1)
    begin = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        counts = list(pool.map(ask, [begin + SECONDS] * CONNECTIONS))
    return sum(counts) / (perf_counter() - begin)
