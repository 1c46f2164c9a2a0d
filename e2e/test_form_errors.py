"""A mistake in a form is said on top, which gets the focus, and at the field that it is in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from testing.axe import violations
from testing.community import PLAIN, Town, settle
from testing.web import picture

type Texts = dict[str, str]

CHOOSE_FILE = "Or a file from your device"


@pytest.fixture
def town() -> Town:
    return settle(PLAIN)


@pytest.fixture
def no_image(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    path.write_text("I am no image")
    return path


@pytest.fixture
def mistake(
    page: Page, scripts: bool, complaints: list[str]
) -> Callable[[str, Texts, Texts], None]:
    """Fill in a form, send it, and look for the messages at their fields."""

    def mistake(address: str, typed: Texts, said: Texts) -> None:
        page.goto(address)
        for label, text in typed.items():
            field = page.get_by_label(label, exact=True)
            if label in {"Photo", CHOOSE_FILE}:
                field.set_input_files(text)
            else:
                field.fill(text)
        field.locator("xpath=ancestor::form").locator("button.button--primary").click()
        expect(page.locator("#error-summary")).to_be_focused()
        for label, message in said.items():
            if not label:
                expect(page.locator("#error-summary")).to_contain_text(message)
                continue
            field = page.get_by_label(label, exact=True)
            expect(field).to_have_accessible_description(re.compile(re.escape(message)))
            # A file that was chosen is kept, and with it the field.
            if not scripts or field.get_attribute("type") != "file":
                expect(field).to_have_attribute("aria-invalid", "true")
        if scripts:
            assert violations(page) == []
        complaints[:] = [complaint for complaint in complaints if "422" not in complaint]

    return mistake


def test_forms_of_strangers(mistake: Callable[..., None], town: Town) -> None:
    mistake(
        "/accounts/login/",
        {"Username or email": "ana", "Password": "wrong"},
        {"": "do not belong together"},
    )
    mistake(
        "/accounts/signup/",
        {
            "Username": "ana!",
            "Email": "ana@example",
            "Password": "12345678",
            "Password (again)": "1",
        },
        {
            "": "Some things need your attention.",
            "Username": "A username is made of letters",
            "Email": "valid email address",
            "Password": "too common",
        },
    )
    mistake(
        "/accounts/password/reset/",
        {"Email": "ana@example"},
        {"": "Correct the field marked below.", "Email": "valid email address"},
    )
    mistake(
        town.addresses_in_mails[1],
        {"New Password": "long-and-winding", "New Password (again)": "road"},
        {"New Password (again)": "same password"},
    )


def test_forms_of_an_account(
    mistake: Callable[..., None], town: Town, sign_in: Callable[[User], None]
) -> None:
    sign_in(town.me)
    mistake(
        "/accounts/password/change/",
        {
            "Current Password": "wrong",
            "New Password": "12345678",
            "New Password (again)": "12345678",
        },
        {"Current Password": "That is not your password.", "New Password": "too common"},
    )
    mistake(
        "/accounts/email/", {"Email": town.me.email}, {"Email": "You have this address already."}
    )
    mistake(
        "/accounts/reauthenticate/",
        {"Password": "wrong"},
        {"Password": "That is not your password."},
    )


def test_forms_with_files(
    mistake: Callable[..., None],
    town: Town,
    sign_in: Callable[[User], None],
    no_image: Path,
    page: Page,
) -> None:
    sign_in(town.me)
    mistake(
        "/profile/",
        {"First name": "\u200b", "Date of birth": "0999-01-01", "Photo": str(no_image)},
        {
            "First name": "invisible character",
            "Date of birth": "Check the year of this date.",
            "Photo": "This is not an image we can read.",
        },
    )
    mistake("/images/add/", {"Title": "A bird"}, {"Address": "Paste an address"})
    mistake(
        "/images/add/",
        {CHOOSE_FILE: str(no_image), "Title": "A bird"},
        {CHOOSE_FILE: "not an image we can read"},
    )
    mistake(
        f"/images/{town.mine.pk}/edit/",
        {"Title": "\u200b"},
        {"Title": "This title has no visible characters."},
    )


def test_what_a_look_at_an_address_says_belongs_to_its_field(
    page: Page, ana: User, web: str, scripts: bool
) -> None:
    page.goto("/images/add/")
    field = page.get_by_label("Address")
    field.fill(f"{web}/bare")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(field).to_have_accessible_description(re.compile("a web page without an image"))


def test_that_a_file_was_forgotten_belongs_to_its_field(
    page: Page, ana: User, tmp_path: Path, complaints: list[str]
) -> None:
    path = tmp_path / "bird.jpg"
    path.write_bytes(picture("teal", (60, 40)))
    for address, label in (("/images/add/", CHOOSE_FILE), ("/profile/", "Photo")):
        page.goto(address)
        field = page.get_by_label(label, exact=True)
        field.set_input_files(path)
        page.locator("form.form input[type=text]").last.fill("\u200b")
        # As it is sent without scripts.
        page.locator("form.form").evaluate("form => form.submit()")
        expect(field).to_have_accessible_description(re.compile("Your browser has forgotten"))
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()
