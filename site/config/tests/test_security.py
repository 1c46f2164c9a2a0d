"""Pages contain no inline code and name no other host; other responses are safe, too."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.templatetags.static import static
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from testing.stored_files import store

PRIVATE = [
    "/",
    "/stream/",
    "/people/",
    "/people/ana/",
    "/settings/",
    "/accounts/email/",
    "/images/",
    "/images/add/",
    "/images/bookmarklet/",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", PRIVATE)
def test_no_page_has_inline_code_or_leftovers_of_components(
    as_ana: Client, ben: User, url: str
) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        html = as_ana.get(url, headers=headers).text
        assert "_RENDERED" not in html
        assert "<style" not in html
        assert "style=" not in html
        scripts = re.findall(r'<script[^>]* src="([^"]+)"[^>]*></script>', html)
        assert html.count("<script") == len(scripts)
        names = ("django_htmx/htmx-2.min.js", "js/site.js", "js/image-create.js")
        assert not set(scripts) - {static(name) for name in names}


@pytest.mark.parametrize("url", PRIVATE)
def test_no_page_names_another_host(as_ana: Client, ben: User, url: str) -> None:
    html = as_ana.get(url).text
    urls = [
        part.split('"')[0]
        for attr in ('src="', 'href="', 'action="')
        for part in html.split(attr)[1:]
    ]
    assert urls
    assert all(not urlsplit(url).netloc for url in urls)


def test_the_health_check_makes_no_query(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/healthz")
    assert response.status_code == 200
    assert not queries.captured_queries


def test_an_unknown_url_gets_a_page_of_the_site(as_ana: Client) -> None:
    response = as_ana.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.text


def test_uploads_are_cached_for_a_year_and_cannot_run_scripts(client: Client) -> None:
    store("people/x.webp", b"RIFF")
    response = client.get("/media/people/x.webp")
    assert b"".join(response) == b"RIFF"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    for folder in ("people", "people/", "people/.", "people//", ".", ".."):
        assert client.get(f"/media/{folder}").status_code == 404
    assert client.get(f"/media/{'a' * 300}").status_code == 404
    assert client.get("/media/../settings.py").status_code in {400, 404}


def test_other_hosts_show_uploads_only_if_pages_find_them_elsewhere(
    client: Client, settings: Settings
) -> None:
    store("people/x.webp", b"RIFF")
    for url, policy in {"/media/": "same-origin", "https://a.example/": "cross-origin"}.items():
        settings.MEDIA_URL = url
        response = client.get("/media/people/x.webp")
        assert response["Cross-Origin-Resource-Policy"] == policy
        response.close()
        assert client.get("/healthz")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
