"""With scripts, several files are saved one after another, and a bad one stops no other."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import scripts_on
from e2e.held_requests import HeldRequests
from e2e.pages import is_marked, mark
from images.models import Image
from images.sanitize import sanitize
from testing.axe import violations
from testing.fixtures.people import PASSWORD
from testing.image_files import encode, noise

pytestmark = scripts_on

ADD = "**/images/add/"
BAD: Any = {"name": "notes.png", "mimeType": "image/png", "buffer": b"This is not an image"}


def png(number: int) -> Any:
    data = encode(noise(seed=number), "PNG")
    return {"name": f"bird_{number}.png", "mimeType": "image/png", "buffer": data}


def choose(page: Page, files: list[Any]) -> None:
    page.goto("/images/add/")
    mark(page)
    page.get_by_label("Or files").set_input_files(files)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def row(page: Page, name: str) -> Locator:
    return page.locator("#uploads").get_by_role("listitem").filter(has_text=name)


def status(page: Page) -> Locator:
    return page.locator("#uploads").get_by_role("status")


def titles() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("title", flat=True))


def answer_once(page: Page, number: int, answer: Callable[[Route], None]) -> list[str]:
    """Answer the post with a number, and let the others through. Return the bodies of all."""
    bodies: list[str] = []

    def respond(route: Route) -> None:
        if route.request.method == "POST":
            bodies.append((route.request.post_data_buffer or b"").decode("latin-1"))
        if len(bodies) == number and route.request.method == "POST":
            answer(route)
        else:
            route.continue_()

    page.route(ADD, respond)
    return bodies


def test_more_than_a_form_takes_are_saved_and_counted(page: Page, viewer: User) -> None:
    choose(page, [png(number) for number in range(12)])
    page.get_by_label("Description").fill("My birds")
    save(page)
    expect(page.get_by_text("12 images are saved.")).to_have_count(1)
    expect(page).to_have_url("/people/ana/")
    assert titles() == [f"bird {number}" for number in range(12)]
    assert {image.description for image in Image.objects.all()} == {"My birds"}


def test_a_typed_title_is_that_of_all(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1)])
    page.get_by_label("Title").fill("Two birds")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    assert titles() == ["Two birds", "Two birds"]


def test_a_bad_file_is_listed_and_the_others_are_saved(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    files = [png(number) for number in range(12)]
    choose(page, [*files[:4], BAD, *files[5:]])
    page.get_by_label("Description").fill("My birds")
    assert violations(page) == []
    save(page)
    expect(status(page)).to_contain_text("11 of 12 images are saved.")
    expect(row(page, "notes.png")).to_contain_text("not an image")
    expect(row(page, "bird_4.png")).to_have_count(0)
    expect(row(page, "bird_11.png")).to_contain_text("Saved")
    expect(page.get_by_label("Description")).to_have_value("My birds")
    assert violations(page) == []
    assert is_marked(page)
    assert Image.objects.count() == 11
    expect_console_error("422")
    page.get_by_role("link", name="Show your images").click()
    expect(page).to_have_url("/people/ana/")


def test_what_is_saved_is_not_sent_again(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    choose(page, [png(0), BAD])
    bodies = answer_once(page, 0, lambda route: route.continue_())
    save(page)
    expect(row(page, "notes.png")).to_contain_text("not an image")
    save(page)
    expect(status(page)).to_contain_text("1 of 2 images are saved.")
    assert ["bird_0.png" in body for body in bodies] == [True, False]
    page.get_by_role("button", name="Remove notes.png").click()
    expect(page.get_by_label("Or files")).to_be_focused()
    assert page.get_by_label("Or files").evaluate("input => input.files.length") == 0
    expect_console_error("422")


def test_all_files_are_ticked_before_their_page_opens(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1)])
    page.evaluate(
        """() => {
          const list = document.querySelector("#uploads ul");
          const height = list.offsetHeight;
          addEventListener("pagehide", () => {
            const { innerText } = list.parentElement;
            sessionStorage.last = JSON.stringify([innerText, list.offsetHeight == height]);
          });
        }"""
    )
    save(page)
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    text, is_as_high = page.evaluate("JSON.parse(sessionStorage.last)")
    # For each file, and for both.
    assert text.count("Saved") == 3
    assert "×" not in text
    assert is_as_high


def test_removing_a_file_leads_on_to_the_next(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1), png(2)])
    page.get_by_role("button", name="Remove bird_1.png").click()
    expect(status(page)).to_have_text("Ready to save: 2")
    expect(page.get_by_role("button", name="Remove bird_2.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Ready to save: 1")
    expect(page.get_by_label("Or files")).to_be_focused()


def test_progress_is_shown(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1), png(2)])
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_hidden()
    held = HeldRequests(page, ADD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    save(page)
    expect(status(page)).to_have_text("Saving 1 of 3…")
    expect(bar).to_have_accessible_name("Saving 1 of 3…")
    assert violations(page) == []
    # A second press sends nothing twice.
    save(page)
    held.let_through()
    expect(page.get_by_text("3 images are saved.")).to_be_visible()
    assert sent.count("POST") == 3


def test_beyond_the_limit_of_a_minute_it_waits_and_goes_on(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    choose(page, [png(0), png(1), png(2)])
    limit = {"Retry-After": "1"}
    bodies = answer_once(page, 2, lambda route: route.fulfill(status=429, headers=limit))
    save(page)
    expect(status(page)).to_contain_text("The others follow within a minute.")
    expect(page.get_by_text("3 images are saved.")).to_be_visible()
    assert len(bodies) == 4
    assert titles() == ["bird 0", "bird 1", "bird 2"]
    expect_console_error("429")


@pytest.mark.parametrize("outage", ["no answer", "503"])
def test_a_file_that_did_not_arrive_is_sent_again_by_the_next_press(
    page: Page, viewer: User, outage: str, expect_console_error: Callable[[str], None]
) -> None:
    choose(page, [png(0), png(1), png(2)])

    def fail(route: Route) -> None:
        if outage == "503":
            route.fulfill(status=503)
        else:
            route.abort()

    answer_once(page, 2, fail)
    save(page)
    expect(status(page)).to_contain_text("2 of 3 images are saved.")
    text = "Try again in a moment" if outage == "503" else "Press Save to send it again."
    expect(row(page, "bird_1.png")).to_contain_text(text)
    save(page)
    expect(page.get_by_text("3 images are saved.")).to_be_visible()
    assert titles() == ["bird 0", "bird 2", "bird 1"]
    expect_console_error("503" if outage == "503" else "ERR_FAILED")


def test_an_error_in_another_field_is_shown_once_and_loses_no_file(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    choose(page, [png(0), png(1)])
    page.get_by_label("Title").fill("\u200b")
    save(page)
    expect(page.get_by_text("This title has no visible characters.")).to_be_visible()
    expect(page.locator("#uploads").get_by_role("listitem")).to_have_count(2)
    page.get_by_label("Title").fill("Birds")
    save(page)
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    assert Image.objects.count() == 2
    expect_console_error("422")


@pytest.mark.parametrize("number", [1, 2])
def test_what_may_be_a_double_is_asked_about_after_the_others(
    page: Page,
    viewer: User,
    ben: User,
    number: int,
    expect_console_error: Callable[[str], None],
) -> None:
    for each in range(number):
        Image.objects.bookmark(ben, sanitize(png(each)["buffer"]), title="A bird")
    choose(page, [png(each) for each in range(4)])
    save(page)
    expect(page.get_by_text("Ben Okafor").first).to_be_visible()
    expect(page.locator("#uploads").get_by_role("listitem")).to_have_count(4 - number)
    assert viewer.images_created.count() == 4 - number
    save(page)
    expect(page).to_have_url(re.compile("/people/ana/|/images/[0-9]+/"))
    mine = viewer.images_created.values_list("title", flat=True)
    assert sorted(mine) == [f"bird {each}" for each in range(4)]
    expect_console_error("422")


def test_it_asks_about_doubles_beside_a_file_that_is_refused(
    page: Page, viewer: User, ben: User, expect_console_error: Callable[[str], None]
) -> None:
    Image.objects.bookmark(ben, sanitize(png(1)["buffer"]), title="A bird")
    choose(page, [png(0), png(1), BAD])
    save(page)
    expect(page.get_by_text("Ben Okafor has this.")).to_be_visible()
    expect(page.locator("#uploads").get_by_text("notes.png")).to_be_visible()
    save(page)
    expect(page).to_have_url(re.compile("/people/ana/|/images/[0-9]+/"))
    assert viewer.images_created.count() == 2
    expect_console_error("422")


def test_it_asks_about_more_files_than_a_form_takes_without_sending_them_again(
    page: Page, viewer: User, ben: User, expect_console_error: Callable[[str], None]
) -> None:
    files = [png(number) for number in range(12)]
    for file in files:
        Image.objects.bookmark(ben, sanitize(file["buffer"]), title="A bird")
    choose(page, files)
    bodies = answer_once(page, 0, lambda route: route.continue_())
    save(page)
    boxes = page.get_by_role("checkbox", name=re.compile("Image [0-9]+ of 12"))
    expect(boxes).to_have_count(12)
    expect(page.get_by_label("Or files")).to_have_js_property("files.length", 0)
    boxes.first.uncheck()
    save(page)
    expect(page).to_have_url("/people/ana/")
    mine = viewer.images_created.order_by("pk").values_list("title", flat=True)
    assert list(mine) == [f"bird {number}" for number in range(1, 12)]
    assert ["bird_11.png" in body for body in bodies] == [False] * 11 + [True, False, False]
    expect_console_error("422")


def test_leaving_while_files_are_sent_asks_first(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1)])
    held = HeldRequests(page, ADD)
    save(page)
    expect(status(page)).to_have_text("Saving 1 of 2…")
    with page.expect_event("dialog") as dialog:
        page.evaluate("setTimeout(() => location.assign('/people/'))")
    assert dialog.value.type == "beforeunload"
    dialog.value.dismiss()
    held.let_through()
    expect(page.get_by_text("2 images are saved.")).to_be_visible()


def test_what_was_typed_survives_the_end_of_the_session(page: Page, viewer: User) -> None:
    choose(page, [png(0), png(1)])
    page.get_by_label("Description").fill("My birds")
    viewer.set_password(PASSWORD)
    viewer.save()
    save(page)
    page.get_by_label("Username or email").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Description")).to_have_value("My birds")


def test_if_htmx_is_missing_all_files_are_sent_in_one_form(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    page.route("**/htmx-2*.js", lambda route: route.abort())
    choose(page, [png(0), png(1)])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    save(page)
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    assert sent.count("POST") == 1
    expect_console_error("ERR_FAILED")


def test_a_single_file_still_needs_a_title(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    choose(page, [png(0)])
    expect(page.locator("#uploads").get_by_role("listitem")).to_have_count(0)
    save(page)
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect_console_error("422")
