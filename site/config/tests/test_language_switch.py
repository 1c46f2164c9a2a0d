"""The language switch works on every page, and leads back to it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

GERMAN = {"Accept-Language": "de"}

pytestmark = pytest.mark.django_db


def press(client: Client, html: str, language: str) -> Any:
    """Send the form of the switch, as a browser does when its button is pressed."""
    form = LexborHTMLParser(html).css_first("form.language-switch")
    assert form
    assert form.css_first(f'button[name="language"][value="{language}"]')
    hidden = [field.attributes for field in form.css("input")]
    data = {str(field["name"]): field["value"] or "" for field in hidden}
    return client.post(str(form.attributes["action"]), data | {"language": language})


@pytest.mark.parametrize("url", ["/", "/accounts/login/?next=/images/", "/nowhere/"])
def test_the_switch_leads_back_to_the_same_page_in_the_other_language(url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = press(client, client.get(url).text, "de")
    assert response["Location"] == url
    assert client.get(url)["Content-Language"] == "de"
    press(client, client.get(url).text, "en")
    assert client.get(url, headers=GERMAN)["Content-Language"] == "en"


def test_the_switch_works_for_signed_in_people(as_ana: Client) -> None:
    url = "/images/add/?title=A+bird&url=https%3A%2F%2Fexample.org%2F"
    assert press(as_ana, as_ana.get(url).text, "de")["Location"] == url
    assert as_ana.get(url)["Content-Language"] == "de"


def test_on_a_response_to_a_form_the_switch_leads_back_to_the_page_of_the_form(
    as_ana: Client,
) -> None:
    page = "http://testserver/people/"
    response = as_ana.post("/people/nobody/follow/", headers={"Referer": page})
    assert response.status_code == 404
    assert press(as_ana, response.text, "de")["Location"] == page


def test_the_current_language_is_marked(client: Client) -> None:
    html = client.get("/", headers=GERMAN).text
    [current] = LexborHTMLParser(html).css('.language-switch [aria-current="true"]')
    assert (current.attributes["lang"], current.text()) == ("de", "Deutsch")


def test_the_cookie_is_for_this_site_only_and_lasts_a_year(client: Client) -> None:
    client.post("/language/", {"language": "de", "next": "/"})
    cookie = client.cookies["django_language"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 60 * 60


@pytest.mark.parametrize("url", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_the_switch_never_leads_to_another_site(client: Client, url: str) -> None:
    response = client.post("/language/", {"language": "de", "next": url})
    assert response["Location"] == "/"


def test_a_language_that_is_not_offered_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "fr", "next": "/"})
    assert client.get("/")["Content-Language"] == "en"
    assert client.get("/language/").status_code == 405


def test_a_site_with_one_language_has_no_switch(client: Client, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English")]
    assert "language-switch" not in client.get("/", headers=GERMAN).text
