"""People get pages and mail in their own language."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

from stream.feed import feed_of
from stream.record import create_action
from testing.markup import text_of

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}

pytestmark = pytest.mark.django_db


def language_of(html: str) -> tuple[str, str]:
    """Return the language and the direction of a page."""
    page = re.search(r'<html lang="([^"]+)" dir="([^"]+)">', html)
    assert page
    return page[1], page[2]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de", "de"), ("de-CH,en;q=0.5", "de"), ("fr,de;q=0.5", "de"), ("fr", "en"), ("", "en")],
)
def test_a_page_is_in_a_language_that_the_browser_asks_for(
    client: Client, accepted: str, language: str
) -> None:
    response = client.get("/accounts/login/", headers={"Accept-Language": accepted})
    assert language_of(response.text) == (language, "ltr")
    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]
    title = {"en": "Sign in", "de": "Anmelden"}[language]
    assert f"<title>{title} · Magpie</title>" in response.text


def test_the_cookie_overrides_the_browsers_languages(client: Client) -> None:
    client.cookies["django_language"] = "de"
    response = client.get("/accounts/login/", headers={"Accept-Language": "en"})
    assert language_of(response.text)[0] == "de"


def test_a_language_without_a_catalogue_keeps_its_direction(
    client: Client, settings: Settings
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربيّة")]
    response = client.post("/accounts/login/", {}, headers={"Accept-Language": "ar"})
    assert language_of(response.text) == ("ar", "rtl")
    assert "هذا الحقل مطلوب." in response.text
    assert "<h1>Sign in</h1>" in response.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["0 likes", "1 like", "2 likes", "0 followers", "1 follower", "2 followers"]),
        ("de", ["0 Likes", "1 Like", "2 Likes", "0 Follower", "1 Follower", "2 Follower"]),
    ],
)
def test_counts_are_in_the_singular_or_the_plural(language: str, expected: list[str]) -> None:
    with translation.override(language):
        html = [
            render_to_string(template, {name: SimpleNamespace(**{field: count})})
            for template, name, field in (
                ("gallery/gallery.html#count", "image", "like_count"),
                ("people_list/people_list.html#count", "person", "follower_count"),
            )
            for count in range(3)
        ]
    assert [text_of(part, ".count") for part in html] == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["is following Ben Okafor", "is following 2 people"]),
        ("de", ["folgt Ben Okafor", "folgt 2 Personen"]),
    ],
)
def test_entries_of_a_feed_are_whole_sentences(
    ana: User, ben: User, cleo: User, language: str, expected: list[str]
) -> None:
    with translation.override(language):
        for people, sentence in zip([[ben], [ben, cleo]], expected, strict=True):
            for person in people:
                create_action(ana, "is following", person)
            (entry,) = feed_of(ana, cleo).page("").rows
            context = {"entry": entry, "act": entry.acts[0]}
            html = render_to_string(entry.acts[0].template_names, context)
            assert LexborHTMLParser(html).text().strip() == sentence


@pytest.mark.parametrize(
    ("url", "data", "error"),
    [
        ("/images/add/", {"url": "ftp://a.test", "preview": "1"}, "muss mit https:// oder"),
        ("/images/add/", {"title": "Ein Vogel"}, "Füge eine Adresse ein oder wähle eine Datei."),
        ("/profile/", {"first_name": "\u202e"}, "Dieser Name enthält ein unsichtbares Zeichen."),
        ("/profile/", {"date_of_birth": "2999-01-01"}, "Wähle ein Datum in der Vergangenheit."),
        ("/accounts/email/", {"action_add": "", "email": "x"}, "Bitte gültige E-Mail-Adresse"),
    ],
)
def test_errors_are_in_the_language_of_the_viewer(
    as_ana: Client, url: str, data: dict[str, str], error: str
) -> None:
    assert error in unescape(as_ana.post(url, data, headers=GERMAN).text)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("12345678", "Dieses Passwort besteht nur aus Ziffern."),
        ("a-long-enough-1", "Gib beide Male dasselbe Passwort ein."),
    ],
)
def test_errors_of_packages_address_people_informally(
    client: Client, password: str, error: str
) -> None:
    data = {"username": "..", "email": "x", "password1": password, "password2": "other"}
    html = client.post("/accounts/signup/", data, headers=GERMAN).text
    assert error in html
    assert not re.search(r"\b(Sie|Ihr|Ihre|Ihnen)\b", html)


@pytest.mark.parametrize(
    ("url", "data", "subject"),
    [
        ("password/reset/", {"email": "ana@example.org"}, "Wähle ein neues Passwort"),
        ("password/reset/", {"email": "x@example.org"}, "Du hast kein Konto mit dieser Adresse"),
        ("signup/", {"email": "dora@example.org"}, "Bestätige deine E-Mail-Adresse"),
    ],
)
def test_mail_is_in_the_language_of_the_person_who_asked_for_it(
    client: Client, ana: User, url: str, data: dict[str, str], subject: str
) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@example.org")
    account = {"username": "dora", "password1": "a-long-enough-1", "password2": "a-long-enough-1"}
    client.post(f"/accounts/{url}", account | data, headers=GERMAN)
    [sent] = mail.outbox
    assert sent.subject == f"[Magpie] {subject}"
    assert str(sent.body).startswith("Hallo,\n\n")


def test_the_language_can_change_from_one_request_to_the_next(
    client: Client, ana: User, sign_in: Callable[[User], Client]
) -> None:
    assert language_of(client.get("/", headers=GERMAN).text)[0] == "de"
    assert language_of(sign_in(ana).get("/people/").text)[0] == "en"


@pytest.mark.parametrize(
    ("days", "text"), [(1.2, "vor 1 Tag"), (3.2, "vor 3 Tagen"), (800, "vor 2 Jahren")]
)
def test_german_ages_are_grammatical(days: float, text: str) -> None:
    with translation.override("de"):
        age = naturaltime(timezone.now() - timedelta(days=days))
    assert age.replace("\xa0", " ").startswith(text)
