"""A text over the maximum length of its field is refused with the reason, and is not lost."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from images.sanitize import sanitize
from testing.image_files import image_file
from testing.markup import has
from web.fields import MAX_EMAIL_LENGTH, MAX_LENGTH


class AnyForm(forms.Form):
    """Fields that declare no maximum, and one that does."""

    name = forms.CharField(max_length=5, required=False)
    password = forms.CharField(strip=False, required=False)
    email = forms.EmailField(required=False)
    born = forms.DateField(required=False)
    count = forms.IntegerField(required=False)
    kind = forms.ChoiceField(choices=[("a", "a")], required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "a")], required=False)
    moment = forms.SplitDateTimeField(required=False)
    since = forms.DateTimeField(initial=lambda: None, show_hidden_initial=True, required=False)


def problems(data: dict[str, Any]) -> dict[str, list[str | None]]:
    form = AnyForm(data)
    return {
        name: [error.code for error in errors] for name, errors in form.errors.as_data().items()
    }


@pytest.mark.parametrize(
    ("field", "sent", "most"),
    [
        ("name", "name", 5),
        ("password", "password", MAX_LENGTH),
        ("email", "email", MAX_EMAIL_LENGTH),
        ("born", "born", MAX_LENGTH),
        ("count", "count", MAX_LENGTH),
        ("kind", "kind", MAX_LENGTH),
        ("kinds", "kinds", MAX_LENGTH),
        ("moment", "moment_1", MAX_LENGTH),
        ("since", "since", MAX_LENGTH),
        ("since", "initial-since", MAX_LENGTH),
    ],
)
def test_one_character_over_the_maximum_is_refused_before_other_checks(
    field: str, sent: str, most: int
) -> None:
    data: Any = "9" * (most + 1)
    assert problems({sent: [data] if field == "kinds" else data}) == {field: ["max_length"]}


def test_a_text_of_maximum_length_is_accepted() -> None:
    email = "a@" + f"{'b' * 61}." * 4 + "com"
    data = {"name": "a" * 5, "password": "\ufdfa" * MAX_LENGTH, "email": email[-MAX_EMAIL_LENGTH:]}
    assert problems(data) == {}


def test_space_around_a_text_does_not_count_if_it_is_stripped() -> None:
    space = " \n" * 10_000
    assert problems({"name": f"{space}12345{space}"}) == {}
    assert problems({"password": space}) == {"password": ["max_length"]}


def test_a_form_with_text_that_is_too_long_has_changed() -> None:
    assert AnyForm({"count": "9" * 5000}).changed_data == ["count"]
    assert AnyForm({"initial-since": "9" * 5000}).has_changed()


def test_refusing_a_text_does_not_affect_the_next_form() -> None:
    assert problems({"name": "a" * 6})
    assert problems({"name": "a"}) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["a", "é", "\ufdfa", "😀"])
@pytest.mark.parametrize("kind", ["parts", "line"])
def test_a_book_that_was_pasted_by_mistake_is_refused_and_not_lost(
    as_ana: Client, ana: User, character: str, kind: str
) -> None:
    image = Image.objects.bookmark(ana, sanitize(image_file("teal", (60, 40))), title="A bird")
    # A multipart form of this size is under a megabyte. A URL-encoded one may be larger.
    book = character * (200_000 if kind == "parts" else 80_000)
    data = {"title": "A book", "description": book}
    path = f"/images/{image.pk}/edit/"
    if kind == "parts":
        response = as_ana.post(path, data)
    else:
        line = "application/x-www-form-urlencoded"
        response = as_ana.post(path, urlencode(data), content_type=line)
    assert response.status_code == 422
    assert f"at most 2000 characters (it has {len(book)})" in response.text
    assert book in response.text
    assert Image.objects.get().description == ""


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["login", "password"])
def test_a_long_name_or_password_is_refused_without_a_lookup(
    client: Client, ana: User, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    seen: list[str] = []

    def record(text: str, *more: object) -> str:
        seen.append(text)
        return text

    monkeypatch.setattr("people.forms.skeleton", record)
    monkeypatch.setattr("django.contrib.auth.hashers.check_password", record)
    form = {"login": "ana", "password": "a-long-one"} | {field: "\ufdfa" * 1001}
    response = client.post("/accounts/login/", form)
    assert "(it has 1001)" in response.text
    assert [text for text in seen if text != "ana"] == []


def test_a_form_keeps_its_placeholders() -> None:
    class Form(forms.Form):
        name = forms.CharField(widget=forms.TextInput({"placeholder": "Ana Silva"}))

    for html in (str(Form()["name"]), Form()["name"].as_field_group()):
        assert has(html, '[placeholder="Ana Silva"]')


def test_a_checkbox_stands_before_its_label() -> None:
    class Form(forms.Form):
        is_wanted = forms.BooleanField(label="Weekly mail", help_text="On Mondays.")

    html = Form()["is_wanted"].as_field_group()
    assert html.count("<input") == 1
    assert html.index("<input") < html.index("Weekly mail") < html.index("On Mondays.")
