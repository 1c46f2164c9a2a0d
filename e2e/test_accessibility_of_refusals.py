"""axe-core finds no fault on error pages, in refused forms, and in the showcase of components."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from testing.axe import violations
from testing.fixtures.people import PASSWORD
from testing.image_files import image_file
from tools.servers.site import serving

pytestmark = scripts_on


@pytest.fixture(scope="module")
def debug_site(server_environment: dict[str, str]) -> Iterator[str]:
    """Serve a development site with rate limits, and yield its address."""
    with serving(None, **server_environment, DEBUG="1") as url:
        yield url


def test_not_found_pages_pass(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    for address, status, heading in (
        ("/nowhere/", "404", "Page not found"),
        ("/stream/?before=x", "400", "Magpie could not read that request"),
        ("/accounts/reauthenticate/", "403", "You do not have permission"),
    ):
        page.goto(address)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert violations(page) == []
        expect_console_error(status)


def test_an_expired_form_passes(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/accounts/logout/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="This form has expired")).to_be_visible()
    assert violations(page) == []
    expect_console_error("403")


def test_a_file_that_is_too_large_passes(
    page: Page, viewer: User, tmp_path: Path, expect_console_error: Callable[[str], None]
) -> None:
    (tmp_path / "large.jpg").write_bytes(b"x" * 61 * 1024 * 1024)
    page.goto("/images/add/")
    page.get_by_label("Or files from your device").set_input_files(tmp_path / "large.jpg")
    page.get_by_label("Title").fill("Large")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="That is too large.")).to_be_visible()
    assert violations(page) == []
    # Send the form as a browser without scripts does.
    page.locator("#bookmark-form").evaluate("form => form.submit()")
    expect(page.get_by_role("heading", name="That is too large")).to_be_visible()
    assert violations(page) == []
    expect_console_error("413")


def test_the_page_about_too_many_attempts_passes(
    page: Page,
    viewer: User,
    sign_in_browser: Callable[[User], None],
    debug_site: str,
    expect_console_error: Callable[[str], None],
) -> None:
    viewer.set_password(PASSWORD)
    viewer.save()
    sign_in_browser(viewer)
    page.goto(f"{debug_site}/accounts/password/change/")
    heading = page.get_by_role("heading", name="Too many attempts")
    while not heading.count():
        for field in page.locator("input[type=password]").all():
            field.fill("wrong")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert violations(page) == []
    expect_console_error("429")


def test_a_site_without_a_database_passes(
    page: Page,
    viewer: User,
    server_environment: dict[str, str],
    tmp_path: Path,
    expect_console_error: Callable[[str], None],
) -> None:
    # A folder in the place of the database file cannot be opened.
    (tmp_path / "db.sqlite3").mkdir()
    environment = server_environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    with (tmp_path / "log").open("w") as log, serving(log, **environment) as url:
        page.goto(url)
        expect(page.get_by_role("heading", name="Magpie is unavailable")).to_be_visible()
        assert violations(page) == []
        expect_console_error("503")


@pytest.mark.disk
def test_a_server_error_passes(
    page: Page,
    viewer: User,
    server_environment: dict[str, str],
    tmp_path: Path,
    expect_console_error: Callable[[str], None],
) -> None:
    (tmp_path / "bird.png").write_bytes(image_file("teal", (60, 40)))
    # A file in the place of the uploads folder makes saving fail.
    environment = server_environment | {"MEDIA_ROOT": str(tmp_path / "bird.png")}
    with (tmp_path / "log").open("w") as log, serving(log, **environment) as url:
        page.goto(f"{url}/images/add/")
        page.get_by_label("Or files from your device").set_input_files(tmp_path / "bird.png")
        page.get_by_label("Title").fill("A bird")
        page.locator("#bookmark-form").evaluate("form => form.submit()")
        expect(page.get_by_role("heading", name="Something went wrong")).to_be_visible()
        assert violations(page) == []
        expect_console_error("500")


def test_all_components_pass_in_all_states(page: Page, debug_site: str) -> None:
    page.goto(f"{debug_site}/showcase/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Components")
    assert violations(page) == []
