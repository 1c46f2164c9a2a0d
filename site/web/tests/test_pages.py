"""A view answers with its whole page or with a partial."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import Http404
from django.test import Client

from stream.feed import cursor_for_newer
from stream.keyset import Page
from web.pages import not_found_if

PAGE, PARTIAL = "<!doctype html>", '<div class="feed" id="feed">'

pytestmark = pytest.mark.django_db


def test_a_plain_request_gets_the_page(as_ana: Client) -> None:
    response = as_ana.get("/stream/")
    assert response.text.startswith(PAGE)
    assert PARTIAL in response.text


def test_htmx_gets_the_partial(as_ana: Client) -> None:
    response = as_ana.get("/stream/", headers={"HX-Request": "true"})
    assert response.text.lstrip().startswith(PARTIAL)
    assert PAGE not in response.text


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boost_or_a_history_restore_gets_the_page(as_ana: Client, header: str) -> None:
    response = as_ana.get("/stream/", headers={"HX-Request": "true", header: "true"})
    assert response.text.startswith(PAGE)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_vary_says_that_page_and_partial_differ(as_ana: Client, headers: dict[str, str]) -> None:
    response = as_ana.get("/stream/", headers=headers)
    assert "HX-Request" in response["Vary"]
    assert "no-store" not in response.get("Cache-Control", "")


def test_without_a_session_a_page_redirects_to_the_login_page_and_back(client: Client) -> None:
    response = client.get("/people/?before=x")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/people/%3Fbefore%3Dx"
    assert "HX-Request" in response["Vary"]


def test_without_a_session_htmx_goes_to_the_login_page_and_back_to_the_open_page(
    client: Client,
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?before=x"}
    response = client.get("/stream/", headers=headers)
    assert response["HX-Redirect"] == "/accounts/login/?next=/people/%3Fbefore%3Dx"
    assert not response.content
    assert "HX-Request" in response["Vary"]


def test_the_redirect_of_htmx_to_the_login_page_is_not_cached(client: Client) -> None:
    response = client.get("/stream/", headers={"HX-Request": "true"})
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_a_login_never_leads_back_to_another_site(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/people/"}
    response = client.get("/stream/", headers=headers)
    assert response["HX-Redirect"] == "/accounts/login/?next=/stream/"


def test_an_invalid_current_url_does_no_harm(client: Client) -> None:
    response = client.get("/stream/", headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert response["HX-Redirect"] == "/accounts/login/?next=/stream/"


def test_without_a_session_a_post_redirects_to_the_login_page_and_back_to_its_page(
    client: Client, ben: User
) -> None:
    url = "/people/ben/follow/"
    response = client.post(url, {"action": "follow", "next": "/people/#person-2"})
    assert response["Location"] == "/accounts/login/?next=/people/%23person-2"
    response = client.post(url, {"action": "follow", "next": "//evil.example/"})
    assert response["Location"] == "/accounts/login/?next=/people/ben/"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_vary_is_set_on_responses_to_forms(as_ana: Client, headers: dict[str, str]) -> None:
    response = as_ana.post("/profile/", {"first_name": "Ana"}, headers=headers)
    assert response.headers.get("Location") or response.headers.get("HX-Redirect")
    assert "HX-Request" in response["Vary"]


def test_vary_is_set_on_an_empty_response(as_ana: Client) -> None:
    url = f"/stream/new/?shown=0&after={cursor_for_newer(Page((), ''))}"
    response = as_ana.get(url, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert "HX-Request" in response["Vary"]


def test_a_named_error_answers_404() -> None:
    with pytest.raises(Http404), not_found_if(LookupError):
        raise KeyError


def test_any_other_error_is_raised() -> None:
    with pytest.raises(IntegrityError), not_found_if(LookupError):
        raise IntegrityError


def test_a_form_never_leads_from_https_to_http(as_ana: Client, ben: User) -> None:
    data = {"action": "follow", "next": "http://testserver/people/"}
    assert as_ana.post("/people/ben/follow/", data)["Location"] == data["next"]
    assert as_ana.post("/people/ben/follow/", data, secure=True)["Location"] == "/people/ben/"


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example/",
        "////evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:x",
    ],
)
def test_a_form_never_leads_to_another_site(as_ana: Client, ben: User, url: str) -> None:
    response = as_ana.post("/people/ben/follow/", {"action": "follow", "next": url})
    assert response.status_code == 303
    assert response["Location"] == "/people/ben/"
