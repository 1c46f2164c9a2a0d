"""A site on a primary and a replica, which a test can stop from replaying the log."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import urllib3

from tools.servers.postgres import own_postgres
from tools.servers.site import ROOT, serving

# Ben follows the others, and they are told so.
PEOPLE = """
import json
from django.contrib.auth.models import User
from django.test import Client
from people.models import Contact
people = {name: User.objects.create_user(name, password="a-long-enough-one")
          for name in ("ana", "ben", "cleo")}
for name in ("ana", "cleo"):
    Contact.objects.follow(people["ben"], people[name])
clients = {name: Client() for name in people}
for name, client in clients.items():
    client.force_login(people[name])
print(json.dumps({name: client.cookies["sessionid"].value for name, client in clients.items()}))
"""
TOKEN = "t" * 32


@dataclass
class ReplicatedSite:
    url: str
    # The key of each person's session.
    sessions: dict[str, str]
    primary_url: str
    replica_url: str
    # Functions that `start` and `stop` each server.
    control_primary: Callable[[str], object]
    control_replica: Callable[[str], object]

    def send(
        self, person: str, path: str, action: str = "", position: str = ""
    ) -> urllib3.BaseHTTPResponse:
        """Send a GET, or with an action a POST, from a person who has a cookie with a position."""
        cookies = {"sessionid": self.sessions[person], "csrftoken": TOKEN, "position": position}
        pairs = [f"{name}={value}" for name, value in cookies.items() if value]
        headers = {"Cookie": "; ".join(pairs)}
        fields = {"action": action, "csrfmiddlewaretoken": TOKEN} if action else None
        method = "POST" if action else "GET"
        return urllib3.request(
            method, self.url + path, headers=headers, fields=fields, retries=False, timeout=60
        )

    def get(self, person: str, path: str, position: str = "") -> str:
        response = self.send(person, path, position=position)
        assert response.status == 200
        return response.data.decode()

    def follow(self, person: str, username: str, action: str = "follow") -> str:
        """Follow or unfollow someone, and return the position that the response sets."""
        return position_in(self.send(person, f"/people/{username}/follow/", action))

    def followers_of(self, username: str, person: str, position: str = "") -> int:
        """Return how many followers a person's page has when another looks at it."""
        found = re.search(r"(\d+) followers?<", self.get(person, f"/people/{username}/", position))
        assert found
        return int(found[1])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Replay nothing on the replica inside the block. Replay the whole log after it."""
        with psycopg.connect(self.replica_url, autocommit=True) as replica:
            self.catch_up()
            replica.execute("SELECT pg_wal_replay_pause()")
            wait_for(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
            try:
                yield
            finally:
                replica.execute("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until the replica has replayed the whole log."""
        with psycopg.connect(self.primary_url, autocommit=True) as primary:
            (position,) = primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or [""]
        with psycopg.connect(self.replica_url, autocommit=True) as replica:
            wait_for(replica, f"SELECT pg_last_wal_replay_lsn() >= '{position}'")


def position_in(response: urllib3.BaseHTTPResponse) -> str:
    """Return the position that a response sets, or nothing."""
    found = re.search("position=([^;]*)", response.headers.get("Set-Cookie", ""))
    return found[1] if found else ""


def wait_for(server: psycopg.Connection, question: str) -> None:
    """Wait until a server's answer is true."""
    for _ in range(600):
        if server.execute(question).fetchone() == (True,):
            return
        time.sleep(0.05)
    raise TimeoutError(question)


def of_both_hosts(primary_url: str, replica_url: str) -> dict[str, str]:
    """Return settings with which libpq finds the server that is the primary at the time."""
    hosts = f"{urlsplit(primary_url).netloc},127.0.0.1:{urlsplit(replica_url).port}"
    url = urlsplit(primary_url)._replace(netloc=hosts).geturl() + "?target_session_attrs="
    return {"DATABASE_URL": f"{url}read-write", "DATABASE_REPLICA_URL": f"{url}prefer-standby"}


def make_people(settings: dict[str, str]) -> dict[str, str]:
    """Set up the database, and return the keys of people's sessions."""

    def manage(*arguments: str) -> str:
        command, environment = [sys.executable, "manage.py", *arguments], os.environ | settings
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode()

    manage("migrate", "--verbosity=0")
    sessions: dict[str, str] = json.loads(manage("shell", "--verbosity=0", "--command", PEOPLE))
    return sessions


@contextmanager
def replicated_site(
    folder: Path, settings: dict[str, str], *, names_both_hosts: bool = False
) -> Iterator[ReplicatedSite]:
    """Serve a site with a database of its own, in which there are Ana, Ben and Cleo."""
    settings = dict(settings)
    with (
        own_postgres() as (primary_url, control_primary),
        own_postgres(primary_url) as (replica_url, control_replica),
        (folder / "log").open("w") as output,
    ):
        settings |= {"DATABASE_URL": primary_url, "DATABASE_REPLICA_URL": replica_url}
        if names_both_hosts:
            settings |= of_both_hosts(primary_url, replica_url)
        sessions = make_people(settings)
        with serving(output, **settings) as url:
            controls = control_primary, control_replica
            site = ReplicatedSite(url, sessions, primary_url, replica_url, *controls)
            site.catch_up()
            yield site
    assert "Internal Server Error" not in (folder / "log").read_text()
