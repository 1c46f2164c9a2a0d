"""Editing a profile."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from demo.photos import draw_photo
from e2e.conftest import scripts_on
from e2e.pages import is_marked, mark, menu_button, open_home


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    draw_photo("dora", 300).save(path)
    return path


@pytest.fixture
def dora(person: Callable[..., User], sign_in_browser: Callable[[User], None]) -> User:
    dora = person("dora")
    sign_in_browser(dora)
    return dora


def test_changing_name_date_and_photo(page: Page, dora: User, photo: Path) -> None:
    open_home(page)
    menu_button(page, "Dora").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("First name").fill("Dorothea")
    page.get_by_label("Last name").fill("Lange")
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="Dorothea Lange")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("img").first).to_have_js_property(
        "naturalWidth", 180
    )
    dora = User.objects.get(pk=dora.pk)
    assert dora.get_full_name() == "Dorothea Lange"
    assert dora.profile.date_of_birth == datetime.date(1990, 5, 17)
    page.goto("/settings/")
    expect(page.get_by_role("img", name="Your current photo")).to_be_visible()
    page.get_by_label("Remove this photo").check()
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert not User.objects.get(pk=dora.pk).profile.photo


def test_a_file_that_is_not_an_image_is_an_error(
    page: Page, dora: User, tmp_path: Path, expect_console_error: Callable[[str], None]
) -> None:
    (tmp_path / "me.jpg").write_text("I am not a photo")
    page.goto("/settings/")
    page.get_by_label("First name").fill("Dorothea")
    page.get_by_label("Photo").set_input_files(tmp_path / "me.jpg")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("This is not an image that Magpie can read.")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Dorothea")
    assert not User.objects.get(pk=dora.pk).profile.photo
    # The browser itself logs responses with status 422.
    expect_console_error("422")


@scripts_on
def test_a_mistake_is_shown_in_place_and_the_chosen_photo_stays(
    page: Page, dora: User, photo: Path, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/settings/")
    mark(page)
    page.get_by_label("Date of birth").fill("0999-01-01")
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Check the year of this date.")).to_be_visible()
    expect(page.locator("#error-summary")).to_be_focused()
    assert is_marked(page)
    expect_console_error("422")
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert User.objects.get(pk=dora.pk).profile.photo
