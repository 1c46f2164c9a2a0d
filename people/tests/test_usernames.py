"""The rules for usernames."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from people.usernames import skeleton, validators


def validate(username: str) -> None:
    for validator in validators:
        validator(username)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "username",
    (
        "ana Ana2 ana.silva ana-silva_2 josé bùkọ́lá ayşe þór γιάννης анна გიორგი արամ אביגיל عائشة "
        "مُحَمَّد राम தமிழ் ক্ষমা ကျော် សុខា አበበ 山田たろう yamada山田 ルーシー 김민수 陳小明"
    ).split(),
)
def test_usernames_in_any_script_are_accepted(username: str) -> None:
    validate(username)
    User.objects.create_user(username)


@pytest.mark.parametrize(
    ("username", "reason"),
    [
        ("..", "one at a time"),
        (".", "one at a time"),
        ("ana.", "one at a time"),
        ("ana..silva", "one at a time"),
        ("_ana", "one at a time"),
        ("ana/silva", "letters and digits"),
        ("ana?x=1", "letters and digits"),
        ("ana#x", "letters and digits"),
        ("ana%2e", "letters and digits"),
        ("ana\\b", "letters and digits"),
        ("ana@example.org", "letters and digits"),
        ("ana silva", "letters and digits"),
        ("an\u0000a", "letters and digits"),
        ("an\u202ea", "letters and digits"),
        ("an\u2066a", "letters and digits"),
        ("an\u200ba", "letters and digits"),
        ("an\u00ada", "letters and digits"),
        ("ana\u0336", "letters and digits"),
        ("demo\u115f", "letters and digits"),
        ("\u3164", "letters and digits"),
        ("a\u02cdb", "letters and digits"),
        ("ᴅemo", "letters and digits"),
        ("\u0e48", "accents and vowel signs"),
        ("ก" + "\u0e48" * 5, "accents and vowel signs"),
        ("a.\u0301b", "accents and vowel signs"),
        ("Admin", "is reserved"),
        ("ɑdmin", "is reserved"),
        *((name, "is reserved") for name in ("postmaster", "abuse", "hostmaster", "Info", "news")),
        *((name, "is reserved") for name in ("noreply", "no-reply", "mailer_daemon", "security")),
        ("ana✓", "letters and digits"),
        ("ａｎａ", "letters and digits"),
        ("ﬁona", "letters and digits"),
        ("аna", "different alphabets"),
        ("anα", "different alphabets"),
        ("x" * 31, "at most 30"),
    ],
)
def test_usernames_that_break_a_url_or_disguise_themselves_are_refused(
    username: str, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        validate(username)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("taken", "wanted"), [("へレン", "ヘレン"), ("田ロ", "田口"), ("TOM", "ТОМ")]
)
def test_letters_of_other_scripts_are_compared_too(taken: str, wanted: str) -> None:
    User.objects.create_user(taken)
    with pytest.raises(ValidationError, match="already"):
        validate(wanted)


@pytest.mark.django_db
def test_similar_letters_of_one_script_are_different_usernames() -> None:
    User.objects.create_user("แดง")
    validate("แตง")


@pytest.mark.parametrize("username", ["a/b", "..", "."])
def test_a_username_that_cannot_be_in_a_url_is_refused_for_every_user(username: str) -> None:
    with pytest.raises(ValidationError, match="address"):
        User(username=username).save()


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["ACE", "Ace", "асе"])  # the last is Cyrillic
def test_usernames_that_look_like_a_taken_one_are_refused(username: str) -> None:
    User.objects.create_user("ace")
    with pytest.raises(ValidationError, match="already"):
        validate(username)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("taken", "wanted"), [("ärne", "ÄRNE"), ("groß", "GROSS"), ("анна", "АННА")]
)
def test_case_is_folded_beyond_ascii(taken: str, wanted: str) -> None:
    User.objects.create_user(taken)
    with pytest.raises(ValidationError, match="already"):
        validate(wanted)


@given(st.text(max_size=20))
def test_any_text_has_a_skeleton_that_ignores_case(text: str) -> None:
    assert skeleton(text.casefold()) == skeleton(text)
