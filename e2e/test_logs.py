"""The log of the real server contains no secrets, whatever people do."""

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import APIRequestContext, APIResponse, FilePayload, Playwright

from testing.image_files import image_file
from tools.servers.site import serving

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
LINK = re.compile(r"https?://[^/\s]+(/accounts/(?:confirm-email|password/reset/key)/([^/\s]+)/)")


def canary(name: str) -> str:
    return f"{name}-canary-Xq7"


SECRETS = {
    canary(name)
    for name in "password mistaken renewed ana ben query typed path header key database".split()
}
ANA = f"{canary('ana')}@example.org"


class Journey:
    """A person who uses the site, and collects the secrets in its responses."""

    def __init__(self, request: APIRequestContext, mail: Path) -> None:
        self.request, self.mail = request, mail
        self.secrets = SECRETS.copy()

    def get(self, path: str, status: int = 200) -> APIResponse:
        return self.checked(self.request.get(f"{path}?q={canary('query')}"), status)

    def post(self, path: str, **fields: str) -> APIResponse:
        """Fill in and send the form of a page."""
        token = TOKEN.search(self.get(path).text())
        assert token, path
        self.secrets.add(token[1])
        form: dict[str, Any] = {**fields, "csrfmiddlewaretoken": token[1]}
        headers = {"Referer": f"{self.get(path).url}{canary('header')}"}
        return self.checked(self.request.post(path, form=form, headers=headers), 200)

    def checked(self, response: APIResponse, status: int) -> APIResponse:
        """Return a response after checking its status, and collect its cookies as secrets."""
        assert response.status == status, response.url
        cookies = {
            cookie["name"]: cookie["value"] for cookie in self.request.storage_state()["cookies"]
        }
        self.secrets |= {cookies[name] for name in ("sessionid", "csrftoken") if name in cookies}
        return response

    def link(self) -> str:
        """Return the path of the link in the newest mail."""
        newest = max(self.mail.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        link = LINK.search(newest.read_text().replace("=\n", "").replace("=3D", "="))
        assert link, newest.read_text()
        self.secrets.add(link[2])
        if "reset" in link[1]:
            # The token, which follows the user's id, must not be logged alone either.
            self.secrets.add(link[2].split("-", 1)[1])
        return link[1]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def site(server_environment: dict[str, str], log: Path, tmp_path: Path) -> Iterator[str]:
    """Serve a site with two workers that logs as in production, and writes mail to files."""
    database = urlsplit(server_environment["DATABASE_URL"])
    if database.scheme == "postgres" and not database.password:
        address = f"{database.username}:{canary('database')}@{database.hostname}:{database.port}"
        database = database._replace(netloc=address)
    with (
        log.open("w") as output,
        serving(
            output,
            **server_environment
            | {"LOG_FORMAT": "json", "WORKERS": "2", "SECRET_KEY": canary("key")}
            | {"EMAIL_URL": f"filemail:///{tmp_path}/mail", "DATABASE_TIMEOUT": "1"}
            | {"DATABASE_URL": database.geturl(), "CACHE_URL": "dummycache://"}
            | {"MEDIA_ROOT": f"{tmp_path}/media"},
        ) as url,
    ):
        yield url


@pytest.fixture
def journey(site: str, playwright: Playwright, tmp_path: Path) -> Iterator[Journey]:
    request = playwright.request.new_context(base_url=site)
    yield Journey(request, tmp_path / "mail")
    request.dispose()


def sign_up_and_in(journey: Journey) -> None:
    twice = dict.fromkeys(["password1", "password2"], canary("password"))
    journey.post("/accounts/signup/", username="ana", email=ANA, **twice)
    journey.post(journey.link())
    journey.post("/accounts/logout/")
    for word in ("mistaken", "password"):
        journey.post("/accounts/login/", login=ANA, password=canary(word))
    journey.post("/accounts/logout/")
    journey.post("/accounts/password/reset/", email=ANA)
    page = journey.get(journey.link())
    assert "<form" in page.text()
    twice = dict.fromkeys(twice, canary("renewed"))
    journey.post(urlsplit(page.url).path, **twice)
    journey.post("/accounts/email/", action_add="", email=f"{canary('ben')}@example.org")


def upload(journey: Journey, status: int = 200) -> APIResponse:
    token = TOKEN.search(journey.get("/images/add/").text())
    assert token
    file: FilePayload = {
        "name": f"{canary('typed')}.jpg",
        "mimeType": "image/jpeg",
        "buffer": image_file("teal", (60, 40)),
    }
    form: dict[str, Any] = {"csrfmiddlewaretoken": token[1], "title": canary("typed")}
    response = journey.request.post("/images/add/", multipart={**form, "upload": file})
    return journey.checked(response, status)


def cause_refusals(journey: Journey, site: str) -> None:
    journey.get(f"/people/{canary('path')}/", 404)
    journey.get(f"/{canary('path')}", 404)
    evil = {name: f"https://{canary('header')}/{canary('path')}" for name in ("Origin", "Referer")}
    wrong = {**evil, "X-CSRFToken": canary("typed"), "Cookie": f"sessionid={canary('header')}"}
    for headers, status in (wrong, 403), ({"Host": canary("header")}, 400):
        url = f"{site}/people/ana/follow/?{canary('query')}"
        response = urllib3.request("POST", url, fields={"a": canary("typed")}, headers=headers)
        assert response.status == status


def cause_errors(journey: Journey, media: Path) -> APIResponse:
    """Cause two errors: a folder that cannot be opened, and a row that is locked for too long."""
    shutil.rmtree(media / "images")
    (media / "images").write_text("No folder.")
    broken = upload(journey, 500)
    User.objects.create_user("ben")
    token = TOKEN.search(journey.get("/people/ben/").text())
    assert token
    form: dict[str, Any] = {"action": "follow", "csrfmiddlewaretoken": token[1]}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(username="ana")
        path = f"/people/ben/follow/?{canary('query')}"
        journey.checked(journey.request.post(path, form={**form, "next": canary("typed")}), 503)
    return broken


@pytest.mark.disk
def test_no_secret_is_in_the_log(journey: Journey, site: str, log: Path, tmp_path: Path) -> None:
    sign_up_and_in(journey)
    upload(journey)
    cause_refusals(journey, site)
    broken = cause_errors(journey, tmp_path / "media")
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [secret for secret in journey.secrets if secret in text] == []
    assert len(journey.secrets) > len(SECRETS) + 8
    answered = [line for line in lines if line["logger"] == "magpie.requests"]
    ana = User.objects.get(username="ana")
    assert {line["user_id"] for line in answered} == {None, ana.pk}
    assert {200, 302, 303, 400, 403, 404, 500, 503} <= {line["status"] for line in answered}
    traces = {line["request_id"]: line for line in lines if line["traceback"]}
    assert traces[broken.headers["x-request-id"]]["user_id"] == ana.pk
    assert {line["level"] for line in traces.values()} == {"ERROR"}
    assert len(traces) == 2


@pytest.mark.disk
def test_workers_do_not_write_into_each_others_lines(site: str, log: Path, tmp_path: Path) -> None:
    # The readiness check logs a traceback, because there is a file in the place of the folder.
    (tmp_path / "media").touch()
    urls = [f"{site}{path}" for path in ("/people/ana/", "/nowhere/", "/readyz")] * 60
    with urllib3.PoolManager(maxsize=12) as pool, ThreadPoolExecutor(12) as threads:
        responses = list(threads.map(lambda url: pool.request("GET", url, redirect=False), urls))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    ids = {response.headers["X-Request-ID"] for response in responses}
    assert len(ids) == len(urls)
    assert ids <= {line["request_id"] for line in lines if line["status"]}
    assert {response.status for response in responses} == {302, 404, 503}
