"""A refused form shows its errors in a focused summary at the top, and beside each field."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from testing.axe import violations
from testing.community import PLAIN_NAMES, Community, make_community
from testing.image_files import image_file

type Texts = dict[str, str]
type Submit = Callable[[str, Texts, Texts], None]

CHOOSE_FILE = "Or files from your device"


@pytest.fixture
def community() -> Community:
    return make_community(PLAIN_NAMES)


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    path.write_text("This is not an image")
    return path


@pytest.fixture
def submit_invalid(page: Page, scripts: bool, console_errors: list[str]) -> Submit:
    """Return a function that sends a form with wrong values, and expects messages at its fields."""

    def submit_invalid(address: str, values: Texts, messages: Texts) -> None:
        page.goto(address)
        for label, text in values.items():
            field = page.get_by_label(label, exact=True)
            if label in {"Photo", CHOOSE_FILE}:
                field.set_input_files(text)
            else:
                field.fill(text)
        field.locator("xpath=ancestor::form").locator("button.button--primary").click()
        expect(page.locator("#error-summary")).to_be_focused()
        for label, message in messages.items():
            if not label:
                expect(page.locator("#error-summary")).to_contain_text(message)
                continue
            field = page.get_by_label(label, exact=True)
            expect(field).to_have_accessible_description(re.compile(re.escape(message)))
            # With scripts, a file field is not replaced, so that it keeps the chosen file.
            if not scripts or field.get_attribute("type") != "file":
                expect(field).to_have_attribute("aria-invalid", "true")
        if scripts:
            assert violations(page) == []
        console_errors[:] = [error for error in console_errors if "422" not in error]

    return submit_invalid


def test_signed_out_forms_show_errors(submit_invalid: Submit, community: Community) -> None:
    submit_invalid(
        "/accounts/login/",
        {"Username or email": "ana", "Password": "wrong"},
        {"": "Wrong username or password"},
    )
    submit_invalid(
        "/accounts/signup/",
        {
            "Username": "ana!",
            "Email": "ana@example",
            "Password": "12345678",
            "Password (again)": "1",
        },
        {
            "": "Correct the fields marked below.",
            "Username": "Use only letters and digits",
            "Email": "valid email address",
            "Password": "too common",
        },
    )
    submit_invalid(
        "/accounts/password/reset/",
        {"Email": "ana@example"},
        {"": "Correct the field marked below.", "Email": "valid email address"},
    )
    submit_invalid(
        community.paths_in_mail[1],
        {"New Password": "long-and-winding", "New Password (again)": "road"},
        {"New Password (again)": "same password"},
    )


def test_account_forms_show_errors(
    submit_invalid: Submit,
    community: Community,
    sign_in_browser: Callable[[User], None],
) -> None:
    sign_in_browser(community.viewer)
    submit_invalid(
        "/accounts/password/change/",
        {
            "Current Password": "wrong",
            "New Password": "12345678",
            "New Password (again)": "12345678",
        },
        {"Current Password": "Wrong password.", "New Password": "too common"},
    )
    submit_invalid(
        "/accounts/email/",
        {"Email": community.viewer.email},
        {"Email": "Your account already has this address."},
    )
    submit_invalid(
        "/accounts/reauthenticate/",
        {"Password": "wrong"},
        {"Password": "Wrong password."},
    )


def test_forms_with_files_show_errors(
    submit_invalid: Submit,
    community: Community,
    sign_in_browser: Callable[[User], None],
    text_file: Path,
    page: Page,
) -> None:
    sign_in_browser(community.viewer)
    submit_invalid(
        "/settings/",
        {"First name": "\u200b", "Date of birth": "0999-01-01", "Photo": str(text_file)},
        {
            "First name": "invisible character",
            "Date of birth": "Check the year of this date.",
            "Photo": "This is not an image that Magpie can read.",
        },
    )
    submit_invalid("/images/add/", {"Title": "A bird"}, {"Address": "Paste an address"})
    submit_invalid(
        "/images/add/",
        {CHOOSE_FILE: str(text_file), "Title": "A bird"},
        {CHOOSE_FILE: "not an image that Magpie can read"},
    )
    submit_invalid(
        f"/images/{community.own_image.pk}/edit/",
        {"Title": "\u200b"},
        {"Title": "This title has no visible characters."},
    )


def test_an_error_of_a_preview_belongs_to_the_address_field(
    page: Page, viewer: User, web: str, scripts: bool
) -> None:
    page.goto("/images/add/")
    field = page.get_by_label("Address")
    field.fill(f"{web}/bare")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(field).to_have_accessible_description(re.compile("no suitable image"))


def test_a_missing_file_is_an_error_of_the_file_field(
    page: Page, viewer: User, tmp_path: Path, console_errors: list[str]
) -> None:
    path = tmp_path / "bird.jpg"
    path.write_bytes(image_file("teal", (60, 40)))
    for address, label in (("/images/add/", CHOOSE_FILE), ("/settings/", "Photo")):
        page.goto(address)
        field = page.get_by_label(label, exact=True)
        field.set_input_files(path)
        form = field.locator("xpath=ancestor::form")
        form.locator("input[type=text]").last.fill("\u200b")
        # Send the form as a browser without scripts does.
        form.evaluate("form => form.submit()")
        expect(field).to_have_accessible_description(re.compile("Your browser no longer has"))
    assert all("422" in error for error in console_errors)
    console_errors.clear()
