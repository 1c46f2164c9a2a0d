"""During a database outage, pages answer 503. After it, they work without a restart."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
import urllib3
from django.db import connection

from tools.servers.packages import IS_ROOT
from tools.servers.postgres import own_postgres
from tools.servers.site import ROOT, serving

# Root can open any file, unless it drops these capabilities.
DROP_OVERRIDES = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if IS_ROOT else []
SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_user("ana"))
print(client.cookies["sessionid"].value)
"""


class Outage(NamedTuple):
    """A separate database, with functions that begin and end an outage of it."""

    database_url: str
    begin: Callable[[], object]
    end: Callable[[], object]
    # Whether the outage closes open connections.
    closes_connections: bool = True


@contextmanager
def stopped_server(folder: Path) -> Iterator[Outage]:
    with own_postgres() as (url, control):
        yield Outage(url, lambda: control("stop"), lambda: control("start"))


@contextmanager
def server_that_refuses_connections(folder: Path) -> Iterator[Outage]:
    with own_postgres() as (url, _), psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE site")

        def begin() -> None:
            admin.execute("ALTER DATABASE site ALLOW_CONNECTIONS false")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'site'"
            )

        def end() -> None:
            admin.execute("ALTER DATABASE site ALLOW_CONNECTIONS true")

        yield Outage(url.removesuffix("postgres") + "site", begin, end)


@contextmanager
def unreadable_file(folder: Path) -> Iterator[Outage]:
    url = f"sqlite:///{folder / 'db.sqlite3'}"
    begin, end = (lambda: folder.chmod(0o000)), (lambda: folder.chmod(0o700))
    yield Outage(url, begin, end, closes_connections=False)


@contextmanager
def read_only_file(folder: Path) -> Iterator[Outage]:
    def change_mode(mode: int) -> None:
        for path in (*folder.iterdir(), folder):
            path.chmod(mode)

    url = f"sqlite:///{folder / 'db.sqlite3'}"
    begin, end = (lambda: change_mode(0o500)), (lambda: change_mode(0o700))
    yield Outage(url, begin, end, closes_connections=False)


OUTAGES = {
    "postgresql": [stopped_server, server_that_refuses_connections],
    "sqlite": [unreadable_file, read_only_file],
}


@pytest.fixture(params=OUTAGES[connection.vendor])
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    folder = tmp_path / "database"
    folder.mkdir()
    with request.param(folder) as outage:
        yield outage


def manage(outage: Outage, *arguments: str) -> str:
    environment = os.environ | {"DATABASE_URL": outage.database_url}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def site(
    outage: Outage, tmp_path: Path, static_root: str
) -> Iterator[Callable[..., urllib3.BaseHTTPResponse]]:
    """Serve a site on that database. Yield a function that sends requests as a signed-in user."""
    manage(outage, "migrate", "--verbosity=0")
    cookie = f"sessionid={manage(outage, 'shell', '--verbosity=0', '--command', SIGN_IN)}"
    others = {"STATIC_ROOT": static_root, "MEDIA_ROOT": str(tmp_path)}
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        serving(output, DROP_OVERRIDES, DATABASE_URL=outage.database_url, **others) as url,
    ):

        def send(method: str, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
            headers["Cookie"] = cookie
            return urllib3.request(method, url + path, headers=headers, retries=False, timeout=60)

        yield send


Send = Callable[..., urllib3.BaseHTTPResponse]


def test_pages_answer_503_with_retry_after_until_the_database_is_up(
    outage: Outage, site: Send
) -> None:
    assert not outage.closes_connections or site("GET", "/people/").status == 200
    outage.begin()
    requests = [
        ("/people/", {}),
        ("/stream/", {"HX-Request": "true"}),
        ("/nowhere/", {}),
        ("/admin/", {}),
    ]
    for path, headers in requests:
        response = site("GET", path, **headers)
        assert response.status == 503, path
        assert int(response.headers["Retry-After"])
        assert "is unavailable" in response.data.decode()
    assert site("GET", "/healthz").status == 200
    assert site("GET", "/readyz").status == 503
    outage.end()
    for _ in range(50):
        response = site("GET", "/people/")
        if response.status == 200:
            break
        assert response.status == 503
        time.sleep(0.2)
    assert [site("GET", "/people/").status for _ in range(20)] == [200] * 20
    # The result of the readiness check is cached for a second.
    time.sleep(1)
    assert site("GET", "/readyz").status == 200
