"""While the database is down, pages say so; when it is back, they work without a restart."""

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

from tools.servers.browser import IS_ROOT
from tools.servers.postgres import own_postgres
from tools.servers.site import ROOT, serving

# Root may open any file, unless it gives up just that.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if IS_ROOT else []
SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_user("ana"))
print(client.cookies["sessionid"].value)
"""


class Outage(NamedTuple):
    """A database of its own, and what takes it away and brings it back."""

    database_url: str
    begin: Callable[[], object]
    end: Callable[[], object]
    # Whether it also ends the connections that are open.
    cuts: bool = True


@contextmanager
def stopped_server(folder: Path) -> Iterator[Outage]:
    with own_postgres() as (url, make):
        yield Outage(url, lambda: make("stop"), lambda: make("start"))


@contextmanager
def server_that_lets_nobody_in(folder: Path) -> Iterator[Outage]:
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
    yield Outage(url, lambda: folder.chmod(0o000), lambda: folder.chmod(0o700), cuts=False)


@contextmanager
def read_only_file(folder: Path) -> Iterator[Outage]:
    def allow(mode: int) -> None:
        for path in (*folder.iterdir(), folder):
            path.chmod(mode)

    url = f"sqlite:///{folder / 'db.sqlite3'}"
    yield Outage(url, lambda: allow(0o500), lambda: allow(0o700), cuts=False)


OUTAGES = {
    "postgresql": [stopped_server, server_that_lets_nobody_in],
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
    """Serve a site on that database, and sign in to it."""
    manage(outage, "migrate", "--verbosity=0")
    cookie = f"sessionid={manage(outage, 'shell', '--verbosity=0', '--command', SIGN_IN)}"
    others = {"STATIC_ROOT": static_root, "MEDIA_ROOT": str(tmp_path)}
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        serving(output, AS_ANYBODY, DATABASE_URL=outage.database_url, **others) as url,
    ):

        def ask(method: str, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
            headers["Cookie"] = cookie
            return urllib3.request(method, url + path, headers=headers, retries=False, timeout=60)

        yield ask


Ask = Callable[..., urllib3.BaseHTTPResponse]


def test_pages_say_to_come_back_until_the_database_is_up(outage: Outage, site: Ask) -> None:
    assert not outage.cuts or site("GET", "/people/").status == 200
    outage.begin()
    asked = [
        ("/people/", {}),
        ("/stream/", {"HX-Request": "true"}),
        ("/nowhere/", {}),
        ("/admin/", {}),
    ]
    for path, headers in asked:
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
    # What it said holds for a second.
    time.sleep(1)
    assert site("GET", "/readyz").status == 200
