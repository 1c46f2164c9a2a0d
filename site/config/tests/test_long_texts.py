"""A text that is too long for its field is refused before it is processed."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.forms import Field
from django.test import Client
from pytest_django import Settings

from testing.long_texts import ACCEPTED_BYTES, COSTLY_TEXTS, REFUSED_BYTES, repeated
from testing.page_forms import PageForm, forms_of
from testing.url_patterns import url_patterns
from web.bounds import MAX_LINE
from web.fields import max_length

# Values that views read without a form.
READ = "action after before shown url choice preview language email index select_across".split()
READ += "_selected_action _popup _to_field _source_model key pk".split()

ESCAPES = {ord(character): f"%{ord(character):02X}" for character in "%&+=; \t\r\n\0"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rate_limits(settings: Settings) -> None:
    settings.RATE_LIMITS = {}
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture(autouse=True)
def no_long_text_is_processed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fail if a text over its maximum length is validated or normalized."""
    run_validators, normalize = Field.run_validators, unicodedata.normalize
    too_long: list[str] = []

    def validated(field: Field, value: Any) -> None:
        if isinstance(value, str) and len(value) > max_length(field):
            too_long.append(f"{len(value)} characters in {type(field).__name__} {field.label}")
        run_validators(field, value)

    def normalized(form: Any, text: str) -> str:
        if len(text) > MAX_LINE:
            too_long.append(f"{len(text)} characters in {form}")
        return normalize(form, text)

    monkeypatch.setattr(Field, "run_validators", validated)
    monkeypatch.setattr(unicodedata, "normalize", normalized)
    yield too_long
    assert too_long == []


@pytest.fixture
def send(sessions: dict[str, str]) -> Callable[..., Any]:
    """Send a request with one of the sessions, and roll it back."""

    def send(person: str, method: str, url: str, data: Any = "", **more: Any) -> Any:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = sessions[person]
        with transaction.atomic():
            response = client.generic(method, url, data, **more)
            transaction.set_rollback(True)
        if response.streaming:
            response.getvalue()
        return response

    return send


@pytest.fixture
def forms(
    sessions: dict[str, str], path: Callable[[str], str], send: Callable[..., Any]
) -> list[tuple[str, PageForm]]:
    """One form of each kind on all pages, with a person who sees it."""
    found = {}
    for person in sessions:
        for url in map(path, url_patterns()):
            response = send(person, "GET", url)
            if response.status_code == 200 and "html" in response["Content-Type"]:
                for form in forms_of(response.text, url):
                    found[person == "signed out", form.kind] = person, form
    return list(found.values())


def encoded(data: dict[str, str]) -> dict[str, Any]:
    """Encode a form. Escaping only what has to be takes a tenth of the time to decode."""
    body = urlencode(data, quote_via=lambda text, *_: text.translate(ESCAPES))
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def in_parts(data: dict[str, str]) -> dict[str, Any]:
    parts = "".join(
        f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in data.items()
    )
    return {"data": parts + "--limit--\r\n", "content_type": "multipart/form-data; boundary=limit"}


def test_a_long_text_in_any_form_field_causes_no_server_error(
    forms: list[tuple[str, PageForm]], send: Callable[..., Any]
) -> None:
    names = {name for _, form in forms for name in form.values}
    assert {"login", "password1", "title", "description", "url", "q", "date_joined_0"} <= names
    assert {"oldpassword", "language", "next", "_selected_action", "user_permissions"} <= names
    # The number of texts is odd, so that in turns, each comes in both encodings.
    units = cycle(COSTLY_TEXTS)
    encodings = cycle([(in_parts, ACCEPTED_BYTES), (encoded, ACCEPTED_BYTES // 3)])
    for person, form in forms:
        for name in form.values:
            unit = next(units)
            if form.method == "GET":
                data = form.with_text(name, repeated(unit, MAX_LINE // 10))
                answer = send(person, "GET", f"{form.url}?{urlencode(data)}")
            else:
                encode, size = next(encodings)
                data = form.with_text(name, repeated(unit, size))
                answer = send(person, "POST", form.url, **encode(data))
            assert answer.status_code < 500, (form.url, name, unit)


@pytest.mark.parametrize("person", ["signed out", "other", "staff"])
def test_a_long_text_in_any_other_value_causes_no_server_error(
    path: Callable[[str], str], send: Callable[..., Any], person: str
) -> None:
    units = cycle(COSTLY_TEXTS)
    for url in map(path, url_patterns()):
        unit = next(units)
        headers = {"HX-Request": "true"} if unit in COSTLY_TEXTS[::2] else {}
        data = dict.fromkeys(READ, repeated(unit, ACCEPTED_BYTES // len(READ)))
        short = dict.fromkeys(
            [*READ, "q", "term", "o", "p", "next"], repeated(unit, MAX_LINE // 200)
        )
        for answer in (
            send(person, "POST", url, headers=headers, **in_parts(data)),
            send(person, "POST", url, headers=headers, **in_parts({"next": data["url"]})),
            send(person, "GET", f"{url}?{urlencode(short)}", headers=headers),
        ):
            assert answer.status_code < 500, (url, unit)


def test_a_body_larger_than_any_form_is_refused_unread(
    forms: list[tuple[str, PageForm]], send: Callable[..., Any]
) -> None:
    for person, form in forms:
        if form.method == "POST":
            for name, encode in zip(form.values, (in_parts, encoded), strict=False):
                data = form.with_text(name, "a" * REFUSED_BYTES)
                assert send(person, "POST", form.url, **encode(data)).status_code == 413, form.url
