"""The bio and the link that people put on their profiles."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from people.models import Profile
from people.models.profile import BIO_LENGTH, LINK_LENGTH
from people.templatetags import bios
from testing.markup import has

REL = {"nofollow", "ugc", "noopener"}
# What looks like links, markup, or the beginning of either.
PIECES = [
    *("https://", "www.", "a.org", "a@b.org", ":80", "#", "/", "?", "%", "%3c", "é", "javascript:"),
    *("[", "]", "(", "&lt;", "<", ">", '"', "'", 'rel="nofollow"', " ", "\n", "\n\n"),
]

pytestmark = pytest.mark.django_db


def save(client: Client, **typed: str) -> str:
    """Save a profile, and return the page that shows it."""
    response = client.post("/profile/", {"first_name": "Ana", **typed}, follow=True)
    assert response.status_code == 200, response.text
    return response.text


def links_of(html: str, selector: str) -> list[tuple[str | None, set[str], str]]:
    """Return the address, the relations and the text of each link."""
    return [
        (link.attributes["href"], {*(link.attributes["rel"] or "").split()}, link.text(strip=True))
        for link in LexborHTMLParser(html).css(f"{selector} a")
    ]


def test_others_see_the_bio_in_paragraphs(as_ana: Client, ben: User, client: Client) -> None:
    save(as_ana, bio="I draw birds.\r\nSlowly.\r\n\r\n\r\n\r\nAlso cats.")
    client.force_login(ben)
    html = client.get("/people/ana/").text
    assert "<p>I draw birds.<br>Slowly.</p>" in html
    assert "<p>Also cats.</p>" in html


def test_addresses_in_a_bio_become_links(as_ana: Client) -> None:
    html = save(as_ana, bio="See https://example.org/?a=1&b=2, or www.example.com.")
    assert links_of(html, ".profile__bio") == [
        ("https://example.org/?a=1&b=2", REL, "https://example.org/?a=1&b=2"),
        ("https://www.example.com", REL, "www.example.com"),
    ]


@pytest.mark.parametrize(
    "bio",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)" rel="nofollow">x</a>',
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/<b>",
        "javascript:alert(1) data:text/html,x",
        '"rel="nofollow" x',
    ],
)
def test_markup_in_a_bio_is_text(as_ana: Client, bio: str) -> None:
    bio_node = LexborHTMLParser(save(as_ana, bio=bio)).css_first(".profile__bio")
    assert bio_node
    assert bio_node.text(strip=True) == bio
    for link in bio_node.css("*"):
        assert link.tag in {"div", "p", "a"}
        assert {*link.attributes} <= {"class", "dir", "href", "rel"}
        assert (link.attributes.get("href") or "https://").startswith("https://")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_bio_is_shown_as_text_with_links(text: str) -> None:
    html = bios.bio(Profile(bio=text))
    body = LexborHTMLParser(html).body
    assert body
    shown = "".join(body.text().split())
    assert shown == "".join(text.split())
    for node in body.css("body *"):
        assert node.tag in {"p", "br", "a"}
        assert {*node.attributes} <= {"href", "rel"}
        assert (node.attributes.get("href") or "https:").startswith(("http", "mailto:"))


@pytest.mark.parametrize(
    ("bio", "reason"),
    [
        ("I am \u202egnp.tac", "invisible"),
        ("Ring\u0007", "invisible"),
        ("\u200b \u3164", "no visible"),
        ("a" * (BIO_LENGTH + 1), "at most 500 characters"),
        ("a" * 100_000, "at most 500 characters"),
    ],
)
def test_a_bio_that_is_refused_is_explained(as_ana: Client, bio: str, reason: str) -> None:
    response = as_ana.post("/profile/", {"bio": bio})
    assert response.status_code == 422
    assert reason in response.text
    assert not Profile.objects.get().bio


def test_a_line_break_counts_as_one_character(as_ana: Client) -> None:
    typed = "a\r\n" * (BIO_LENGTH // 2 - 1) + "ab"
    save(as_ana, bio=typed)
    assert len(Profile.objects.get().bio) == BIO_LENGTH
    assert as_ana.post("/profile/", {"bio": typed + "c"}).status_code == 422


@pytest.mark.parametrize("bio", ["من هواة الطيور\u200f، وأكتب", "👩\u200d👧, \U0001faea", "a\tb"])
def test_all_scripts_and_emoji_are_allowed_in_a_bio(as_ana: Client, bio: str) -> None:
    save(as_ana, bio=bio)
    assert Profile.objects.get().bio == bio


@pytest.mark.parametrize(
    ("typed", "link", "text"),
    [
        ("https://www.example.org/", "https://www.example.org/", "example.org"),
        ("example.org/ana", "https://example.org/ana", "example.org/ana"),
        ("http://example.org:8080/~ana", "http://example.org:8080/~ana", "example.org:8080/~ana"),
        ("https://m.example/#/@ana:b", "https://m.example/#/@ana:b", "m.example/#/@ana:b"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4", None),
        ("\u200bhttps://example.org/a ", "https://example.org/a", "example.org/a"),
    ],
)
def test_the_profile_links_to_a_page(
    as_ana: Client, typed: str, link: str, text: str | None
) -> None:
    html = save(as_ana, link=typed)
    text = text or link.removeprefix("https://")
    assert links_of(html, ".profile__link") == [(link, REL | {"me"}, text)]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("javascript:alert(1)", "must start with https:// or http://"),
        ("JAVASCRIPT:alert(1)//https://example.org", "must start with https:// or http://"),
        ("data:text/html,x", "must start with https:// or http://"),
        ("https://ana:secret@example.org/", "Remove the username and the password"),
        ("https://example.org@evil.example/", "Remove the username and the password"),
        ("https://exa mple.org/", "not a web address"),
        ("https://example.org/\u0007", "not a web address"),
        ("https://a\u202eb.example/", "not a web address"),
        ("https://", "not a web address"),
        ("https://[", "not a web address"),
        ("#fragment", "not a web address"),
        (f"https://example.org/{'a' * LINK_LENGTH}", "longer than 300 characters"),
        (f"https://example.org/{'ä' * 200}", "longer than 300 characters"),
        ("a" * 100_000, "longer than 300 characters"),
    ],
)
def test_a_link_that_is_refused_is_explained(as_ana: Client, link: str, reason: str) -> None:
    response = as_ana.post("/profile/", {"link": link})
    assert response.status_code == 422
    assert reason in response.text
    assert not Profile.objects.get().link


def test_the_form_shows_them_and_an_empty_field_removes_them(as_ana: Client) -> None:
    typed = {"bio": "I draw birds.", "link": "https://example.org/"}
    save(as_ana, **typed)
    form = as_ana.get("/settings/").text
    assert all(re.search(rf'(value="|>\s*){re.escape(text)}', form) for text in typed.values())
    html = save(as_ana, bio="", link="")
    assert not has(html, ".profile__bio")
    assert not has(html, ".profile__link")


@pytest.mark.parametrize(
    "values",
    [
        {"bio": "a" * (BIO_LENGTH + 1)},
        {"link": "javascript:alert(1)"},
        {"link": f"https://{'a' * LINK_LENGTH}"},
    ],
)
def test_the_database_refuses_what_the_form_refuses(ana: User, values: dict[str, str]) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Profile.objects.filter(user=ana).update(**values)
