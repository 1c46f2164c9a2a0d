"""The error page works when nothing else does."""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import translation
from pytest_django import Settings
from redis import RedisError


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def unavailable(request: HttpRequest) -> HttpResponse:
    raise RedisError


urlpatterns = [
    path("healthz/broken", broken),
    path("healthz/unavailable", unavailable),
    path("", include("config.urls")),
]
handler500 = "web.errors.server_error"
PATHS = {500: "/healthz/broken", 503: "/healthz/unavailable"}

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def no_login(settings: Settings) -> None:
    """Remove the middleware that needs a session, so that no test needs a database."""
    settings.MIDDLEWARE = [name for name in site.MIDDLEWARE if "LoginMiddleware" not in name]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", PATHS)
def test_the_error_page_needs_no_manifest_and_no_database(
    client: Client, settings: Settings, tmp_path: Path, status: int
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "web.static_files.StaticFilesStorage"}
    }
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {"x": "x.1.css"}}')
    response = client.get(PATHS[status])
    assert response.status_code == status
    assert "<h1>" in response.text
    assert f'href="{site.STATIC_URL}css/magpie.css"' in response.text


@pytest.mark.parametrize("status", PATHS)
def test_the_error_page_is_plain_if_templates_and_translations_fail(
    client: Client, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError

    monkeypatch.setattr("web.errors.render_to_string", fail)
    response = client.get(PATHS[status])
    assert response.status_code == status
    assert "<h1>" in response.text
    assert ("Retry-After" in response.headers) == (status == 503)


def test_the_error_page_is_in_the_language_of_the_request(client: Client) -> None:
    response = client.get(PATHS[500], headers={"Accept-Language": "de"})
    assert '<html lang="de"' in response.text
    with translation.override("en"):
        assert '<html lang="en"' in client.get(PATHS[500]).text
