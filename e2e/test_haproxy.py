"""HAProxy sends each request to one server that can answer it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import urllib3

from tools.servers import nginx
from tools.servers.haproxy import Balancer, haproxy
from tools.servers.site import ROOT, free_port

FORGED = {
    "X-Forwarded-For": "203.0.113.1",
    "X-Forwarded-Proto": "https",
    "X_Forwarded_For": "203.0.113.2",
    "X_Forwarded_Proto": "https",
}


class Handler(BaseHTTPRequestHandler):
    """Stands in for the site. A response names the server and the headers of the request."""

    server: "Site"

    def do_GET(self) -> None:
        if self.path in self.server.failing or self.headers["Host"] not in {"localhost", "site"}:
            return self.send_error(503)
        self.server.paths.append(self.path)
        if self.path == "/broken":
            return None
        headers = {name: self.headers.get_all(name) for name in self.headers}
        body = json.dumps({"server": self.server.name, "headers": headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing into the tests' output."""


class Site(ThreadingHTTPServer):
    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = name
        # Paths that answer 503, and paths of requests that were handled.
        self.failing: set[str] = set()
        self.paths: list[str] = []
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Write nothing about checks, whose connections HAProxy resets."""

    def end(self) -> None:
        self.shutdown()
        self.server_close()


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    with ExitStack() as stack:
        sites = {name: Site(name) for name in ("site1", "site2")}
        for site in sites.values():
            stack.callback(site.end)
        yield sites


@pytest.fixture
def balancer(
    sites: dict[str, Site], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Balancer]:
    addresses = {name: site.address for name, site in sites.items()}
    with haproxy(tmp_path_factory.mktemp("haproxy"), free_port(), addresses) as balancer:
        yield balancer


def send(balancer: Balancer, path: str = "/", method: str = "GET") -> urllib3.BaseHTTPResponse:
    headers = {"Host": "site"} | FORGED
    return urllib3.request(method, balancer.url + path, headers=headers, retries=False, timeout=20)


def names(balancer: Balancer) -> set[str]:
    """Return the names of the servers that answer several requests."""
    return {send(balancer).json()["server"] for _ in range(6)}


def wait_until(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_done():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_the_first_proxy_replaces_what_clients_say_about_themselves(balancer: Balancer) -> None:
    headers = send(balancer).json()["headers"]
    forwarded = {name.lower(): value for name, value in headers.items() if "orwarded" in name}
    assert forwarded == {"x-forwarded-for": ["127.0.0.1"], "x-forwarded-proto": ["http"]}
    assert headers["host"] == ["site"]


def test_behind_nginx_the_site_learns_what_nginx_knows(
    sites: dict[str, Site], tmp_path: Path
) -> None:
    addresses = {name: site.address for name, site in sites.items()}
    with (
        haproxy(tmp_path, free_port(), addresses, is_first=False) as balancer,
        nginx.deployed(tmp_path, balancer.url) as proxy,
    ):
        headers = proxy.send("/", headers=FORGED | {"X-Forwarded-Proto": "http"}).json()["headers"]
    forwarded = {name.lower(): value for name, value in headers.items() if "orwarded" in name}
    assert forwarded == {"x-forwarded-for": ["127.0.0.1"], "x-forwarded-proto": ["https"]}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_server_gets_a_request_that_one_did_not_accept(
    balancer: Balancer, sites: dict[str, Site], method: str
) -> None:
    assert names(balancer) == {"site1", "site2"}
    sites["site1"].end()
    assert {send(balancer, method=method).status for _ in range(6)} == {200}


def test_a_request_that_a_server_has_begun_is_not_sent_again(
    balancer: Balancer, sites: dict[str, Site]
) -> None:
    assert send(balancer, "/broken", "POST").status == 502
    assert [path for site in sites.values() for path in site.paths].count("/broken") == 1


def test_a_server_that_is_not_ready_gets_requests_only_if_none_is(
    balancer: Balancer, sites: dict[str, Site]
) -> None:
    sites["site1"].failing = {"/readyz"}
    wait_until(lambda: not balancer.control.is_up("site1"))
    assert names(balancer) == {"site2"}
    sites["site2"].failing = {"/readyz", "/healthz"}
    wait_until(
        lambda: not balancer.control.is_up("site2") and not balancer.control.is_up("site2", "alive")
    )
    assert names(balancer) == {"site1"}
    sites["site2"].failing = set()
    wait_until(lambda: balancer.control.is_up("site2"))
    assert names(balancer) == {"site2"}


def test_a_drained_server_gets_no_requests_until_it_is_let_in(
    balancer: Balancer, sites: dict[str, Site]
) -> None:
    balancer.control.drain("site1")
    assert names(balancer) == {"site2"}
    # Even if it is the only one left.
    sites["site2"].end()
    wait_until(lambda: not balancer.control.is_up("site2", "alive"))
    assert send(balancer).status == 503
    balancer.control.admit("site1")
    assert names(balancer) == {"site1"}


@pytest.mark.parametrize(
    ("command", "restarted"), [("true", ["site1", "site2"]), ("sh -c 'test {} = site0'", [])]
)
def test_a_server_that_cannot_be_restarted_leaves_the_others_as_they_are(
    balancer: Balancer, command: str, restarted: list[str]
) -> None:
    script = [sys.executable, str(ROOT / "deploy/restart_in_turn.py"), command]
    done = subprocess.run(
        [*script, "--socket", str(balancer.admin)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[::3] == restarted
    assert done.returncode == (0 if restarted else 1), done.stderr
    wait_until(lambda: names(balancer) == {"site1", "site2"})
