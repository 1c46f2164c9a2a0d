"""Over https, the site answers only under its own name and port."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SITE_URL = "https://magpie.example"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(settings: Any) -> Any:
    """Request a page of a site with https under some host name."""

    def ask(
        host: str, path: str = "/", site_url: str = "https://magpie.example", **more: Any
    ) -> Any:
        settings.HTTPS = True
        settings.SITE_URL = site_url
        settings.ALLOWED_HOSTS = ["magpie.example", "localhost", "127.0.0.1", "[::1]"]
        settings.ALLOWED_HOSTS += settings.OTHER_HOSTS
        return Client().get(path, headers={"Host": host, **more}, secure=True)

    return ask


@pytest.mark.parametrize(
    ("site_url", "host"),
    [
        ("https://magpie.example", "magpie.example"),
        ("https://magpie.example", "magpie.example:443"),
        ("https://magpie.example", "MAGPIE.Example"),
        ("https://magpie.example:443/", "magpie.example"),
        ("https://magpie.example:8443", "magpie.example:8443"),
        ("https://localhost", "localhost"),
        ("https://localhost:8443", "localhost:8443"),
        ("https://[::1]:8443", "[::1]:8443"),
        ("https://[::1]", "[::1]"),
    ],
)
def test_requests_to_its_own_name_and_port_are_answered(ask: Any, site_url: str, host: str) -> None:
    assert ask(host, site_url=site_url).status_code == 200


@pytest.mark.parametrize(
    ("site_url", "host"),
    [
        ("https://magpie.example", "magpie.example:5000"),
        ("https://magpie.example", "magpie.example:80"),
        ("https://magpie.example", "magpie.example:0443"),
        ("https://magpie.example", "magpie.example:443:443"),
        ("https://magpie.example", "magpie.example."),
        ("https://magpie.example", "www.magpie.example"),
        ("https://magpie.example", "magpie.example.evil.example"),
        ("https://magpie.example", "magpie.example,evil.example"),
        ("https://magpie.example", "ana@magpie.example"),
        ("https://magpie.example", "localhost"),
        ("https://magpie.example", "127.0.0.1:8000"),
        ("https://magpie.example", "[::1]"),
        ("https://magpie.example", ""),
        ("https://magpie.example:8443", "magpie.example"),
        ("https://magpie.example:8443", "magpie.example:443"),
        ("https://localhost:8443", "localhost"),
        ("https://localhost:8443", "localhost:8444"),
        ("https://localhost", "localhost:8000"),
        ("https://[::1]:8443", "[::1]"),
        ("https://[::1]", "[::1]:5000"),
    ],
)
def test_any_other_name_or_port_is_refused(ask: Any, site_url: str, host: str) -> None:
    for path in ("/", "/static/js/site.js", "/media/people/x.webp", "/accounts/login/", "/nowhere"):
        response = ask(host, path, site_url=site_url)
        assert response.status_code == 400
        assert response.text == "There is no site at this address.\n"
        assert not response.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8000", "[::1]", "[::1]:8000", "LOCALHOST"]
)
def test_health_checks_are_answered_on_the_machine_itself(ask: Any, path: str, host: str) -> None:
    assert ask(host, path).status_code == 200
    assert ask(host, f"{path}/").status_code == 400


def test_health_checks_from_other_machines_need_the_sites_name(ask: Any) -> None:
    assert ask("magpie.example", "/healthz").status_code == 200
    assert ask("evil.example", "/healthz").status_code == 400
    assert ask("localhost.evil.example", "/healthz").status_code == 400
    assert ask("magpie.example:5000", "/healthz").status_code == 400


def test_allowed_hosts_are_answered_with_a_usual_port(ask: Any, settings: Any) -> None:
    settings.OTHER_HOSTS = ["www.magpie.example", ".cdn.example", "[2001:db8::1]"]
    hosts = {
        "www.magpie.example": 200,
        "www.magpie.example:443": 200,
        "www.magpie.example:8443": 200,
        "www.magpie.example:5000": 400,
        "a.cdn.example": 200,
        "a.cdn.example:5000": 400,
        "[2001:db8::1]:8443": 200,
        "[2001:db8::1]:5000": 400,
        "other.example": 400,
    }
    site_url = "https://magpie.example:8443"
    answers = {host: ask(host, site_url=site_url).status_code for host in hosts}
    assert answers == hosts


def test_proxy_headers_about_the_host_are_ignored(ask: Any) -> None:
    forwarded = {"X-Forwarded-Host": "magpie.example"}
    assert ask("evil.example", **forwarded).status_code == 400
    forwarded = {"X-Forwarded-Host": "evil.example"}
    assert ask("magpie.example", **forwarded).status_code == 200


def test_later_code_sees_the_name_in_one_spelling(ask: Any) -> None:
    for host in ("MAGPIE.example", "magpie.example:443"):
        assert ask(host).wsgi_request.get_host() == "magpie.example"


def test_a_form_is_accepted_under_every_spelling_of_the_name(settings: Any) -> None:
    settings.HTTPS = True
    settings.SITE_URL = "https://magpie.example"
    settings.ALLOWED_HOSTS = ["magpie.example"]
    client = Client(enforce_csrf_checks=True)
    for host in ("magpie.example", "magpie.example:443", "Magpie.example"):
        headers = {"Host": host, "Origin": "https://magpie.example", "X-CSRFToken": "a" * 32}
        client.cookies["csrftoken"] = "a" * 32
        response = client.post("/accounts/login/", headers=headers, secure=True)
        assert response.status_code == 200


def test_a_refusal_needs_no_template_and_no_query(ask: Any, settings: Any) -> None:
    settings.TEMPLATES = []
    with CaptureQueriesContext(connection) as queries:
        assert ask("evil.example").status_code == 400
    assert not queries.captured_queries
