"""If Magpie is too busy for a form, the page sends it again, with the chosen file."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from e2e.conftest import scripts_on
from e2e.pages import is_marked, mark
from images.models import Image
from people.models import Profile
from testing.image_files import image_file

pytestmark = scripts_on

FILE: Any = {"name": "bird.png", "mimeType": "image/png", "buffer": image_file("teal", (64, 48))}
SENT_AGAIN = "It will try again in a few seconds"


def refuse(page: Page, path: str, times: int) -> list[str]:
    """Refuse the first posts to a path, as Magpie does when it is busy; return all bodies sent."""
    bodies: list[str] = []

    def respond(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        bodies.append(route.request.post_data_buffer[:20000].decode("latin-1"))  # type: ignore[index]
        if len(bodies) > times:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "0.2", "Magpie-Busy": "1"})

    page.route(f"**{path}", respond)
    return bodies


def test_an_image_is_sent_again_until_it_is_accepted(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    bodies = refuse(page, "/images/add/", times=3)
    page.goto("/images/add/")
    mark(page)
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Or files").set_input_files(FILE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text(SENT_AGAIN)
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert len(bodies) == 4
    assert all('filename="bird.png"' in body for body in bodies)
    assert Image.objects.count() == 1
    expect_console_error("503")


def test_a_form_is_not_sent_again_during_a_database_outage(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    methods: list[str] = []

    def respond(route: Route) -> None:
        methods.append(route.request.method)
        route.fulfill(status=503, headers={"Retry-After": "0.2"})

    page.goto("/images/add/")
    page.route("**/images/add/", respond)
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Or files").set_input_files(FILE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again in a moment")
    page.wait_for_timeout(1000)
    assert methods == ["POST"]
    expect_console_error("503")


def test_a_preview_is_requested_again(
    page: Page, viewer: User, web: str, expect_console_error: Callable[[str], None]
) -> None:
    bodies = refuse(page, "/images/add/", times=2)
    page.goto("/images/add/")
    mark(page)
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    expect(page.get_by_role("alert")).to_contain_text(SENT_AGAIN)
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    expect(page.locator("#alert")).to_be_empty()
    assert len(bodies) == 3
    assert is_marked(page)
    expect_console_error("503")


def test_a_photo_is_sent_again(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    bodies = refuse(page, "/profile/", times=2)
    page.goto("/settings/")
    page.get_by_label("Photo").set_input_files(FILE)
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert len(bodies) == 3
    assert Profile.objects.get(user=viewer).photo
    expect_console_error("503")


def test_clicking_while_the_form_waits_sends_it_only_once_more(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    bodies = refuse(page, "/images/add/", times=1)
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Or files").set_input_files(FILE)
    button = page.get_by_role("button", name="Save")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text(SENT_AGAIN)
    button.click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert len(bodies) == 2
    expect_console_error("503")


def test_after_several_attempts_the_form_waits_for_a_click(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    bodies = refuse(page, "/images/add/", times=100)
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Or files").set_input_files(FILE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again in a moment", timeout=60_000)
    assert len(bodies) == 13
    # The typed title and the chosen file are still there.
    expect(page.get_by_label("Title")).to_have_value("A bird")
    assert page.get_by_label("Or files").evaluate("input => input.files.length") == 1
    expect_console_error("503")
