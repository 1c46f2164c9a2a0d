"""Errors have the headers of pages, and reveal nothing about the site."""

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings
from redis import RedisError

from testing.headers import check_headers

Broken: type[Exception] = RuntimeError


def broken(request: HttpRequest) -> HttpResponse:
    raise Broken("The secret of this is 4711.")


urlpatterns = [path("people/broken/", broken), path("", include("config.urls"))]
handler400 = "web.errors.bad_request"
handler500 = "web.errors.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def client(settings: Settings) -> Client:
    """A browser on a site that is served by https."""
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    headers = {"X-Forwarded-Proto": "https"}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(headers=headers, raise_request_exception=False, enforce_csrf_checks=True)


def test_a_request_that_is_too_large_is_refused_with_all_headers(client: Client) -> None:
    response = client.post("/language/", CONTENT_LENGTH=str(70 * 1024 * 1024))
    assert response.status_code == 413
    check_headers(response.headers)


def test_too_many_requests_are_refused_with_all_headers(client: Client) -> None:
    client.handler.enforce_csrf_checks = False
    for _ in range(6):
        response = client.post("/accounts/password/reset/", {"email": "ana@example.org"})
    assert response.status_code == 429
    check_headers(response.headers)


def test_a_server_error_has_all_headers_and_no_traceback(client: Client, ana: object) -> None:
    client.force_login(ana)  # type: ignore[arg-type]
    response = client.get("/people/broken/")
    assert response.status_code == 500
    check_headers(response.headers)
    for secret in ("4711", "RuntimeError", "Traceback", __file__, str(project.BASE_DIR)):
        assert secret not in response.text


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, RedisError])
def test_an_outage_has_retry_after_and_is_not_cached(
    client: Client, ana: User, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.tests.test_headers_of_errors.Broken", error)
    client.force_login(ana)
    response = client.get("/people/broken/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    check_headers(response.headers)


def test_no_check_is_silenced() -> None:
    assert project.SILENCED_SYSTEM_CHECKS == []
