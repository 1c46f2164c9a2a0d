"""Whole journeys by keyboard alone, with scripts and without."""

import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import scripts_on
from e2e.pages import menu_button
from images.models import Image
from people.models import Contact
from testing.fixtures.people import PASSWORD
from testing.image_files import image_file

MAX_PRESSES = 80


def go_to(page: Page, control: Locator, key: str = "Tab") -> None:
    """Press a key until a control has focus."""
    for _ in range(MAX_PRESSES):
        page.keyboard.press(key)
        if control.evaluate_all("controls => controls.includes(document.activeElement)"):
            return
    raise AssertionError(f"{key} does not lead to {control}.")


def press(page: Page, name: str, role: str = "link", key: str = "Enter") -> None:
    """Go to a link or a button, and press it."""
    go_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    page.keyboard.press(key)


def type_into(page: Page, label: str, text: str) -> None:
    go_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def expect_heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()


def test_from_signing_up_to_liking_an_image(
    page: Page, ben: User, cleo: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    bookmark(ben, "A bird")
    Contact.objects.follow(cleo, ben)
    page.goto("/")
    press(page, "Join Magpie")
    expect_heading(page, "Sign up")
    for label, text in (
        ("Username", "dora"),
        ("Email", "dora@example.org"),
        ("Password", PASSWORD),
        ("Password (again)", PASSWORD),
    ):
        type_into(page, label, text)
    page.keyboard.press("Enter")
    expect_heading(page, "Say who you are")
    press(page, "Skip all steps", "button")
    expect_heading(page, "Activity")
    expect(page.get_by_role("heading", name="People to follow")).to_be_visible()
    press(page, "Skip to content")
    expect(page.get_by_role("main")).to_be_focused()
    press(page, "People")
    expect_heading(page, "People")
    press(page, "Follow Ben Okafor", "button", key="Space")
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    assert ben.followers.count() == 2
    press(page, "Ben Okafor")
    expect_heading(page, "Ben Okafor")
    press(page, "Images")
    expect_heading(page, "Images")
    press(page, "Like A bird", "button")
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_visible()
    if scripts:
        # Focus is still on the button. The button that saves and two links come before it.
        for _control in range(3):
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
    else:
        press(page, "A bird")
    expect_heading(page, "A bird")
    expect(page.get_by_role("link", name="1 like")).to_be_visible()


def test_from_signing_in_to_signing_out_with_an_image_added_and_edited(
    page: Page, person: Callable[..., User], web: str, scripts: bool
) -> None:
    person("dora", password=PASSWORD)
    page.goto("/images/")
    type_into(page, "Username or email", "dora")
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect_heading(page, "Images")
    press(page, "Add an image")
    expect_heading(page, "Add an image")
    type_into(page, "Address", f"{web}/page")
    if not scripts:
        press(page, "Preview", "button")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    go_to(page, page.get_by_role("checkbox", name="Image 2 of 2"))
    page.keyboard.press("Space")
    go_to(page, page.get_by_role("checkbox", name="Image 1 of 2"))
    page.keyboard.press("Space")
    type_into(page, "Title", "A nest")
    page.keyboard.press("Enter")
    expect_heading(page, "A nest")
    press(page, "Edit")
    expect_heading(page, "Edit image")
    type_into(page, "Title", "A nest in a tree")
    press(page, "Save", "button")
    expect_heading(page, "A nest in a tree")
    go_to(page, menu_button(page, "Dora"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your profile")).to_be_visible()
    page.keyboard.press("Escape" if scripts else "Enter")
    expect(page.get_by_role("link", name="Your profile")).to_be_hidden()
    expect(menu_button(page, "Dora")).to_be_focused()
    page.keyboard.press("Space")
    press(page, "Deutsch", "button")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    go_to(page, menu_button(page, "Dora"))
    page.keyboard.press("Enter")
    press(page, "Abmelden", "button")
    expect(page.locator("a[href='/accounts/login/']").first).to_be_visible()
    assert Image.objects.get().title == "A nest in a tree"


@scripts_on  # Without scripts, Playwright does not see the dialog in which a file is chosen.
def test_saving_an_image_from_a_file(page: Page, viewer: User, tmp_path: Path) -> None:
    holiday = tmp_path / "holiday.jpg"
    holiday.write_bytes(image_file("orange", (500, 300)))
    # Listen from the start: Playwright misses a dialog that opens before Chromium reports dialogs.
    page.on("filechooser", lambda chooser: chooser.set_files(holiday))
    page.goto("/images/add/")
    field = page.get_by_label("Or files from your device")
    go_to(page, field)
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("holiday"))
    type_into(page, "Title", "Holiday")
    press(page, "Save", "button")
    expect_heading(page, "Holiday")
