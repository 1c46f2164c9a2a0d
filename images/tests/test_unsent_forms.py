"""A form that is sent after the session has ended is not lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from testing.fixtures.people import PASSWORD
from testing.markup import has

pytestmark = pytest.mark.django_db
TYPED = {"url": "https://a.example/1.jpg", "title": 'A "<b>" title', "description": "ü\n" * 900}


@pytest.fixture(autouse=True)
def password(ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()


def hidden_fields(html: str) -> dict[str, str]:
    inputs = LexborHTMLParser(html).css("main form input[type=hidden]")
    return {str(field.attributes["name"]): field.attributes["value"] or "" for field in inputs}


def sign_in(client: Client, html: str, password: str = PASSWORD) -> Any:
    fields = hidden_fields(html) | {"login": "ana", "password": password}
    return client.post("/accounts/login/", fields)


def test_signing_in_brings_back_what_was_typed(client: Client) -> None:
    html = client.post("/images/add/", TYPED).text
    assert "Username or email" in html
    response = sign_in(client, html)
    assert response["Location"] == "/images/add/"
    initial = client.get("/images/add/").context["form"].initial
    assert initial | TYPED == initial
    # Only once.
    assert not client.get("/images/add/").context["form"].initial.get("title")


@pytest.mark.parametrize("length", [1, 3000])
def test_signing_in_brings_back_what_a_bookmarklet_hands_over(client: Client, length: int) -> None:
    given = {"page": "https://a.example/", "title": "A title", "text": "x" * length}
    html = client.get("/images/add/", given, follow=True).text
    response = sign_in(client, html)
    initial = client.get(response["Location"]).context["form"].initial
    assert (initial["url"], initial["title"]) == ("https://a.example/", "A title")
    assert initial["description"] == "x" * length


def test_the_choice_of_pictures_comes_back_and_what_is_missing_is_said(client: Client) -> None:
    picture = "https://a.example/2.jpg"
    files = {"upload": SimpleUploadedFile("x.png", b"x")}
    html = client.post("/images/add/", {**TYPED, "picture": picture, **files}).text
    assert "You are no longer signed in." in html
    html = client.get(sign_in(client, html)["Location"]).text
    assert has(html, f'[name="picture"][value="{picture}"]')
    assert "not saved yet" in html
    assert "Choose your files again." in html


def test_a_wrong_password_does_not_lose_it(client: Client) -> None:
    html = sign_in(client, client.post("/images/add/", TYPED).text, "wrong").text
    assert sign_in(client, html).status_code == 302
    assert client.get("/images/add/").context["form"].initial["title"] == TYPED["title"]


def test_with_htmx_the_login_form_takes_the_place_of_the_page(client: Client) -> None:
    response = client.post("/images/add/", TYPED, headers={"HX-Request": "true"})
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("body", "innerHTML")
    assert response["HX-Push-Url"] == "/accounts/login/?next=%2Fimages%2Fadd%2F"
    assert has(response.text, "[name=login]")
    assert sign_in(client, response.text)["Location"] == "/images/add/"


def test_nothing_is_stored_before_somebody_signs_in(client: Client) -> None:
    client.post("/images/add/", TYPED)
    assert not client.session.keys()


NONSENSE = ["nonsense", "[1]", '{"title": 3}', '{"title": "\\ud800"}', "{}", "[" * 90_000]


@pytest.mark.parametrize("unsent", [*NONSENSE, "x" * 200_000])
def test_nonsense_is_ignored(client: Client, unsent: str) -> None:
    data = {"login": "ana", "password": PASSWORD, "unsent": unsent}
    assert client.post("/accounts/login/", data).status_code == 302
    assert client.get("/images/add/").status_code == 200


def test_people_who_are_signed_out_do_not_use_up_each_others_limit(client: Client) -> None:
    statuses = {
        client.post("/images/add/", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(40)
    }
    assert statuses == {200}
