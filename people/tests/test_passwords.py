"""Rules for passwords, and how they are stored."""

import runpy
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import global_settings
from django.conf import settings as project
from django.contrib.auth import hashers
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from testing.fixtures.people import PASSWORD

LONG = "all the birds that ever sang in this garden, and then some more of them, 128 signs long "
LONG += "x" * (128 - len(LONG))
type Choose = Callable[[str], str]


def sign_up(password: str) -> str:
    """Sign up with a password, and return the errors."""
    form = {"username": "juniper", "email": "heron@example.org"}
    response = Client().post(
        "/accounts/signup/", form | {"password1": password, "password2": password}
    )
    return "" if response.status_code == 302 else str(response.context["form"].errors)


def change(password: str) -> str:
    """Change the password, and return the errors."""
    user = User.objects.create_user("juniper", "heron@example.org", PASSWORD)
    client = Client()
    client.force_login(user)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = client.post("/accounts/password/change/", form)
    return "" if response.status_code == 302 else str(response.context["form"].errors)


@pytest.fixture(params=[sign_up, change])
def choose(request: pytest.FixtureRequest, db: None) -> Any:
    return request.param


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven77", "too short"),
        ("password1", "too common"),
        ("qwertyuiop", "too common"),
        ("7240 9316 58".replace(" ", ""), "entirely numeric"),
        ("juniper1", "too similar to the username"),
        ("heron@example", "too similar to the email address"),
        ("magpie2026", "name of this site"),
        ("My-Magpie!", "name of this site"),
    ],
)
def test_easily_guessed_passwords_are_refused(choose: Choose, password: str, reason: str) -> None:
    assert reason in choose(password)


@pytest.mark.parametrize(
    "password",
    [
        "wobbling",
        "lowercase only",
        "ÄÖÜ ñandú 鳥",
        "🐦🐦🐦🐦🐦🐦🐦🐦",
        "a magpie stole my spoon",
        LONG,
    ],
)
def test_any_characters_and_long_passwords_are_accepted(choose: Choose, password: str) -> None:
    assert choose(password) == ""
    form = {"login": "juniper", "password": password}
    assert Client().post("/accounts/login/", form).status_code == 302


@pytest.mark.parametrize(
    "typed",
    ["a-long-enough-one", " A-long-enough-one", "A-long-enough-one", f"{LONG[:-1]}y", LONG[:72]],
)
def test_a_password_is_compared_exactly_and_in_full(db: None, typed: str) -> None:
    kept = LONG if typed.startswith("all") else " A-long-enough-one "
    assert sign_up(kept) == ""
    form = {"login": "juniper", "password": typed}
    assert "Wrong username or password" in Client().post("/accounts/login/", form).text
    assert Client().post("/accounts/login/", form | {"password": kept}).status_code == 302


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/admin/password_change/"])
def test_changing_a_password_requires_the_old_one(as_ana: Client, ana: User, page: str) -> None:
    User.objects.update(password=make_password(PASSWORD), is_staff=True)
    as_ana.force_login(User.objects.get())
    wrong = {"oldpassword": "guessed-it", "old_password": "guessed-it"}
    new = {"password1": LONG, "password2": LONG, "new_password1": LONG, "new_password2": LONG}
    for old in (wrong, {}):
        assert as_ana.post(page, old | new).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/accounts/login/", {"password": "current-password"}),
        ("/accounts/signup/", {"password1": "new-password", "password2": "new-password"}),
        (
            "/accounts/password/change/",
            {
                "oldpassword": "current-password",
                "password1": "new-password",
                "password2": "new-password",
            },
        ),
        ("/accounts/reauthenticate/", {"password": "current-password"}),
    ],
)
def test_password_fields_hide_their_text_and_allow_password_managers(
    client: Client, ana: User, page: str, fields: dict[str, str]
) -> None:
    if "change" in page or "reauthenticate" in page:
        ana.set_password(PASSWORD)
        ana.save()
        client.force_login(ana)
    inputs = LexborHTMLParser(client.get(page).text).css("main input[name*=password]")
    assert {node.attributes["name"]: node.attributes["autocomplete"] for node in inputs} == fields
    for node in inputs:
        assert node.attributes["type"] == "password"
        assert not {"maxlength", "value", "onpaste", "readonly"} & node.attributes.keys()


def test_a_new_site_has_no_accounts(db: None) -> None:
    assert not User.objects.exists()


def test_passwords_are_hashed_with_djangos_default_hasher() -> None:
    assert project.PASSWORD_HASHERS == global_settings.PASSWORD_HASHERS
    assert project.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    # The production setting, without the changes for tests.
    hasher = runpy.run_path(str(hashers.__file__))["PBKDF2PasswordHasher"]()
    assert hasher.iterations >= 600_000
    assert hasher.algorithm == "pbkdf2_sha256"
    # Bits of the salt.
    assert hasher.salt_entropy >= 128
