"""A file that does not exist is answered with one line, and a page with a page."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FILES = [
    "/static/nowhere/",
    "/static/css/magpie.000000000000.css",
    "/media/nowhere",
    "/media/images/nowhere.webp",
    "/apple-touch-icon-precomposed.png",
    "/wp-login.php",
    "/people/ana/feed.xml",
    "/.env",
    "/.git/config",
    "/.well-known/nodeinfo",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", FILES)
def test_a_missing_file_costs_one_line_and_no_query(as_ana: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = as_ana.get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert len(response.content) < 100
    assert not queries.captured_queries


def test_the_line_is_in_the_language_of_the_request(client: Client) -> None:
    texts = [
        client.get("/nowhere.png", headers={"Accept-Language": code}).text for code in ("en", "de")
    ]
    assert len(set(texts)) == 2


@pytest.mark.parametrize("path", ["/nowhere/", "/nowhere", "/people/nobody.here/"])
def test_a_missing_page_is_a_page(as_ana: Client, path: str) -> None:
    response = as_ana.get(path)
    assert response.status_code == 404
    assert "<h1>" in response.text


def test_a_name_with_a_dot_is_not_a_file(as_ana: Client) -> None:
    User.objects.create_user("dora.diaz")
    response = as_ana.get("/people/dora.diaz", follow=True)
    assert response.status_code == 200
