"""Server errors are reported to Sentry with their location and without secrets."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import urllib3
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from urllib3 import BaseHTTPResponse

from testing.image_files import image_file
from tools.servers.site import ROOT, serving

CANARY = "canary-Xq7"
TOKEN = "a" * 32
IS_IMPORTED = "import sys; print('sentry_sdk' in sys.modules)"


@contextmanager
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """Yield the DSN of a server that stands in for Sentry's, and the bodies that it received."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = io.BytesIO(self.rfile.read(int(self.headers["Content-Length"])))
            # urllib3 decompresses it.
            bodies.append(urllib3.HTTPResponse(body, dict(self.headers)).data)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Write nothing into the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://public@127.0.0.1:{server.server_port}/1", bodies
        finally:
            server.shutdown()


def upload(site: str, session: str) -> BaseHTTPResponse:
    """Send an upload that the site cannot store, with a secret in each field and header."""
    cookies = {"sessionid": session, "csrftoken": TOKEN, "other": f"cookie-{CANARY}"}
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": TOKEN,
        "Authorization": f"Bearer {CANARY}",
        "User-Agent": CANARY,
        "Referer": f"{site}/?{CANARY}",
        "Sentry-Trace": f"{'a' * 32}-{'b' * 16}-1",
        "Baggage": f"sentry-transaction={CANARY}",
    }
    fields: dict[str, Any] = {
        "title": f"title-{CANARY}",
        "description": f"ana@{CANARY}.example",
        "upload": (f"{CANARY}.jpg", image_file("teal", (60, 40))),
    }
    return urllib3.request(
        "POST", f"{site}/images/add/?q={CANARY}", fields=fields, headers=headers, retries=False
    )


@pytest.fixture
def session(ana: User) -> str:
    User.objects.update(email=f"{CANARY}@example.org")
    client = Client()
    client.force_login(ana)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def events(bodies: list[bytes]) -> list[dict[str, Any]]:
    """Return the events in the bodies, which consist of lines of JSON."""
    lines = [json.loads(line) for body in bodies for line in body.splitlines()]
    return [line for line in lines if "exception" in line]


@pytest.mark.disk
def test_an_error_is_reported_with_its_location_and_request_and_without_secrets(
    server_environment: dict[str, str], ana: User, session: str, tmp_path: Path
) -> None:
    (tmp_path / CANARY).write_text("No folder.")
    more = {"MEDIA_ROOT": str(tmp_path / CANARY)}
    with sentry() as (dsn, bodies), (tmp_path / "log").open("w") as log:
        with serving(log, **server_environment | more, SENTRY_DSN=dsn) as site:
            for path in ("/nowhere/", "/people/"):
                assert urllib3.request("GET", site + path, redirect=False).status in {302, 404}
            response = upload(site, session)
            assert response.status == 500
            for _ in range(100):
                if events(bodies):
                    break
                time.sleep(0.1)
        # The server has ended, so no more events can arrive.
        [event] = events(bodies)
    text = b"".join(bodies).decode()
    assert [
        secret for secret in (CANARY, session, TOKEN, settings.SECRET_KEY) if secret in text
    ] == []
    assert event["user"] == {"id": ana.pk}
    assert event["tags"] == {
        "request_id": response.headers["X-Request-ID"],
        "method": "POST",
        "route": "images/add/",
    }
    assert '"function":"image_create"' in text.replace(": ", ":")
    assert '"vars"' not in text


def test_without_a_dsn_sentry_is_not_imported() -> None:
    def is_loaded(dsn: str) -> str:
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", IS_IMPORTED]
        environment = os.environ | {"SENTRY_DSN": dsn}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert is_loaded("") == "False"
    assert is_loaded("http://public@127.0.0.1:9/1") == "True"
