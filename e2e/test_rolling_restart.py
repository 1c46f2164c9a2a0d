"""Restarting the servers behind HAProxy while people use the site."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User

from images.models import Image
from tools.servers.haproxy import Balancer, haproxy
from tools.servers.site import OPTIONS, ROOT, free_port, server_process
from tools.stress.writer import Writers

NAMES = ("site1", "site2", "site3")
# Ends a server with SIGTERM, and waits until it has ended.
COMMAND = "sh -c 'read pid < {}.pid && kill $pid && tail --pid=$pid -f /dev/null'"


@contextmanager
def kept_running(folder: Path, name: str, port: int, **environment: str) -> Iterator[list[int]]:
    """Start a server again whenever it ends, as systemd does. Yield the ids of all processes."""
    is_over, pids = Event(), list[int]()
    command = [sys.executable, "site/web/server.py", "--port", str(port)]
    command += ["--workers-kill-timeout", "2", *OPTIONS]

    def run() -> None:
        with (folder / "log").open("a") as log:
            while not is_over.is_set():
                with server_process(command, log, **environment) as server:
                    pids.append(server.pid)
                    (folder / f"{name}.pid").write_text(f"{server.pid}\n")
                    while server.poll() is None and not is_over.wait(0.05):
                        pass

    thread = Thread(target=run)
    thread.start()
    try:
        yield pids
    finally:
        is_over.set()
        thread.join()


@contextmanager
def balanced_servers(
    folder: Path, **environment: str
) -> Iterator[tuple[Balancer, dict[str, list[int]]]]:
    """Run all servers behind HAProxy."""
    ports = {name: free_port() for name in NAMES}
    addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    port = free_port()
    environment |= {"SITE_URL": f"http://127.0.0.1:{port}"}
    with ExitStack() as stack:
        runs = {
            name: stack.enter_context(kept_running(folder, name, ports[name], **environment))
            for name in NAMES
        }
        balancer = stack.enter_context(haproxy(folder, port, addresses))
        # HAProxy regards servers as up until it has checked them.
        for name in NAMES:
            balancer.control.forget_checks(name)
        until = time.monotonic() + 60
        while not all(map(balancer.control.gets_requests, NAMES)):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield balancer, runs


def test_no_request_fails_and_nothing_is_lost(
    server_environment: dict[str, str],
    ana: User,
    bookmark: Callable[..., Image],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rolling")
    bookmark(ana, "Sea")
    writers = Writers(3)
    environment = server_environment | {"CACHE_URL": "dummycache://"}
    script = [sys.executable, str(ROOT / "deploy/restart_in_turn.py"), COMMAND]
    with balanced_servers(folder, **environment) as (balancer, runs):
        with writers.keep_writing(f"127.0.0.1:{balancer.port}"):
            subprocess.run([*script, "--socket", str(balancer.admin)], cwd=folder, check=True)
        # Each was started twice.
        assert [len(pids) for pids in runs.values()] == [2, 2, 2]
    assert not writers.statuses - Counter({200: sys.maxsize, 303: sys.maxsize})
    assert writers.acknowledged
    assert not writers.lost_writes()
