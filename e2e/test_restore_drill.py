"""A site is backed up while people write, destroyed, and restored."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.conf import settings
from django.db import connection
from selectolax.lexbor import LexborHTMLParser
from urllib3 import encode_multipart_formdata

from testing.fixtures.people import PASSWORD
from testing.image_files import image_file
from testing.stored_files import lose_files
from tools.servers.site import ROOT, serving

NAME = "magpie_drill"


class Member:
    """A signed-up person who remembers which writes the site has acknowledged."""

    def __init__(self, site: str, name: str) -> None:
        self.site, self.name, self.jar = site, name, CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies)
        self.saved: list[str] = []
        self.deleting: list[str] = []
        self.deleted: list[str] = []
        self.get("/accounts/signup/")
        account = {"username": name, "email": f"{name}@example.org"}
        self.post("/accounts/signup/", **account, password1=PASSWORD, password2=PASSWORD)

    def get(self, path: str) -> bytes:
        with self.opener.open(f"{self.site}{path}", timeout=30) as response:
            return bytes(response.read())

    def post(self, path: str, **fields: str | tuple[str, bytes]) -> str:
        """Send a form, and return the path of the page that it leads to."""
        tokens = [cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"]
        body, kind = encode_multipart_formdata({**fields, "csrfmiddlewaretoken": tokens[0]})
        request = urllib.request.Request(f"{self.site}{path}", body, {"Content-Type": kind})
        with self.opener.open(request, timeout=30) as response:
            return str(urlsplit(response.geturl()).path)

    def write(self, end: Event) -> None:
        """Save images, and delete every third, until `end` is set."""
        for number in count():
            # Each picture is a new one, so that no form asks about a double.
            colour = f"#{crc32(f'{self.name} {number}'.encode()) % 2**24:06x}"
            upload = ("x.jpg", image_file(colour, (80, 60)))
            self.saved.append(self.post("/images/add/", title=f"No. {number}", upload=upload))
            if number % 3 == 2:
                path = self.saved[-2]
                self.deleting.append(path)
                self.post(f"/images/{path.split('/')[2]}/delete/")
                self.deleted.append(path)
            if end.is_set():
                return


@pytest.fixture
def drill(
    database_url: str, server_environment: dict[str, str], empty_storage: None, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """Return the environment of a site with its own empty database and files."""
    own = {"MEDIA_ROOT": settings.MEDIA_ROOT, "CACHE_URL": "dummycache://"}
    if connection.vendor == "sqlite":
        yield server_environment | own | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
        return
    destroy_database(tmp_path)
    yield server_environment | own | {"DATABASE_URL": f"{database_url.rpartition('/')[0]}/{NAME}"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def destroy_database(folder: Path) -> None:
    """Delete the database. PostgreSQL also needs a new, empty one."""
    if connection.vendor == "sqlite":
        for path in folder.glob("db.sqlite3*"):
            path.unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")


@pytest.fixture
def manage(drill: dict[str, str]) -> Callable[..., str]:
    def manage(*args: str) -> str:
        command = [sys.executable, "manage.py", *args]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | drill, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return manage


def wait_for_more_images(members: list[Member]) -> None:
    """Wait until every member has saved four more images, and so has deleted one."""
    goals = [len(member.saved) + 4 for member in members]
    for _ in range(600):
        if all(len(one.saved) >= goal for one, goal in zip(members, goals, strict=True)):
            return
        time.sleep(0.1)
    raise TimeoutError


def test_every_write_acknowledged_before_a_backup_is_restored(
    drill: dict[str, str], manage: Callable[..., str], tmp_path: Path
) -> None:
    manage("migrate", "--verbosity=0")
    end, file = Event(), str(tmp_path / "magpie.tar")
    with (tmp_path / "log").open("w") as log, serving(log, **drill) as site:
        members = [Member(site, name) for name in ("ana", "ben", "cleo")]
        threads = [Thread(target=member.write, args=[end]) for member in members]
        for thread in threads:
            thread.start()
        try:
            wait_for_more_images(members)
            kept = {path for member in members for path in member.saved}
            deleted = {path for member in members for path in member.deleted}
            manage("backup", file)
            kept -= {path for member in members for path in member.deleting}
            wait_for_more_images(members)
        finally:
            end.set()
            for thread in threads:
                thread.join()
    assert len(kept) >= 9
    assert deleted
    destroy_database(tmp_path)
    lose_files()
    manage("restore", file)
    manage("audit")
    with (tmp_path / "log").open("a") as log, serving(log, **drill) as site:
        ana = members[0]
        ana.site = site
        for path in kept:
            image = LexborHTMLParser(ana.get(path)).css_first("main picture img")
            assert image
            assert ana.get(image.attributes["src"] or "")
        for path in deleted:
            with pytest.raises(HTTPError, match="404"):
                ana.get(path)
