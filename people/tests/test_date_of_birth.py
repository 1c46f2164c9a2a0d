"""The date of birth can be typed where the browser has no calendar."""

import datetime
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.models import Profile

BORN = datetime.date(1990, 5, 17)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "1990-05-17"),
        ("en", "5/17/1990"),
        ("en", "17 May 1990"),
        ("en", "May 17, 1990"),
        ("de", "1990-05-17"),
        ("de", "17.05.1990"),
        ("de", "17.5.1990"),
        ("de", "17.5.90"),
    ],
)
def test_the_usual_spellings_of_a_language_are_accepted(
    ana: User, as_ana: Client, language: str, typed: str
) -> None:
    headers = {"Accept-Language": language}
    assert as_ana.post("/profile/", {"date_of_birth": typed}, headers=headers).status_code == 303
    assert Profile.objects.get(user=ana).date_of_birth == BORN


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_field_shows_a_date_as_it_can_be_typed(
    ana: User, as_ana: Client, language: str
) -> None:
    headers = {"Accept-Language": language}
    html = as_ana.get("/settings/", headers=headers).text
    hint = re.search(r'id="id_date_of_birth_helptext">([^<]+)<', html)
    assert hint
    example = re.search(r"[\d.-]*\d", hint[1])
    assert example
    data = {"date_of_birth": example[0]}
    assert as_ana.post("/profile/", data, headers=headers).status_code == 303
    assert Profile.objects.get(user=ana).date_of_birth == BORN


def test_what_was_typed_can_be_sent_again(ana: User, as_ana: Client) -> None:
    headers = {"Accept-Language": "de"}
    as_ana.post("/profile/", {"date_of_birth": "17.05.1990"}, headers=headers)
    html = as_ana.get("/settings/", headers=headers).text
    value = re.search(r'<input type="date" name="date_of_birth" value="([^"]+)"', html)
    assert value
    # The only spelling that `type="date"` knows.
    assert value[1] == "1990-05-17"
    data = {"date_of_birth": value[1], "first_name": "Anna"}
    assert as_ana.post("/profile/", data, headers=headers).status_code == 303
    assert Profile.objects.get(user=ana).date_of_birth == BORN
