"""Saving, viewing, liking, editing and deleting images."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import is_marked, loaded_width, mark
from images.models import Image, Like
from stream.models import Action
from testing.image_files import image_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(image_file("orange", (500, 300)))
    return path


def test_saving_an_image_by_its_address_with_a_preview(
    page: Page, viewer: User, web: str, scripts: bool
) -> None:
    page.goto("/images/")
    page.get_by_role("link", name="Add an image").click()
    if scripts:
        mark(page)
    page.get_by_label("Address").fill(f"{web}/photo?id=3")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    if scripts:
        assert is_marked(page)
        assert loaded_width(page, ".image-form__image") == 300
    page.get_by_label("Title").fill("A find")
    page.get_by_label("Description").fill("Just look at it.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A find")).to_be_visible()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    expect(page.get_by_text("Just look at it.")).to_be_visible()
    image = Image.objects.get()
    assert page.url.endswith(image.get_absolute_url())
    assert (image.width, image.height, image.url) == (300, 200, f"{web}/photo?id=3")
    source = page.get_by_role("link", name="Found at 127.0.0.1")
    expect(source).to_have_attribute("rel", "noopener nofollow ugc")


def test_saving_an_image_of_a_web_page(page: Page, viewer: User, web: str, scripts: bool) -> None:
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A find")
    page.get_by_label("Address").fill(f"{web}/page")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This is a web page. Choose one of its images.")).to_be_visible()
    expect(page.get_by_role("button", name="Choose image")).to_have_count(2)
    page.get_by_role("button", name="Choose image 2 of 2").click()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    expect(page.get_by_label("Address")).to_have_value(f"{web}/nest.png")
    expect(page.get_by_label("Title")).to_have_value("A find")
    expect(page.locator("#chosen")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    assert Image.objects.get().url == f"{web}/nest.png"


def test_saving_a_file_from_the_device(page: Page, viewer: User, file: Path) -> None:
    page.goto("/images/add/")
    page.get_by_label("Or a file from your device").set_input_files(file)
    page.get_by_label("Title").fill("Holiday")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    assert Image.objects.get().width == 500


def test_saving_from_a_prefilled_form(page: Page, viewer: User, web: str, scripts: bool) -> None:
    page.goto(f"/images/add/?url={web}/bird.jpg&title=From%20elsewhere")
    expect(page.get_by_label("Title")).to_have_value("From elsewhere")
    if scripts:
        expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="From elsewhere")).to_be_visible()


def test_a_mistake_loses_no_input(
    page: Page, viewer: User, file: Path, scripts: bool, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Or a file from your device").set_input_files(file)
    page.get_by_label("Description").fill("My words")
    page.get_by_label("Title").fill("\u200b")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This title has no visible characters.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("My words")
    expect_console_error("422")
    page.get_by_label("Title").fill("Holiday")
    if not scripts:
        expect(page.get_by_text("Your browser no longer has the file")).to_be_visible()
        page.get_by_label("Or a file from your device").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()


def test_an_address_that_cannot_be_fetched_is_an_error(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A find")
    page.get_by_label("Address").fill("http://10.0.0.1/a.png")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Magpie cannot load this address.")).to_have_count(1)
    expect(page.get_by_label("Address")).to_have_value("http://10.0.0.1/a.png")
    assert not Image.objects.exists()
    expect_console_error("422")


def test_liking_and_unliking_an_image(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    image = bookmark(viewer, "A bird")
    page.goto(image.get_absolute_url())
    if scripts:
        mark(page)
    page.get_by_role("button", name="Like A bird", exact=True).click()
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_visible()
    expect(page.get_by_text("1 like", exact=True)).to_be_visible()
    assert Like.objects.get().user == viewer
    assert Action.objects.of(viewer, "likes", image).count() == 1
    page.get_by_role("button", name="Unlike A bird").click()
    expect(page.get_by_role("button", name="Like A bird", exact=True)).to_be_visible()
    expect(page.get_by_text("0 likes")).to_be_visible()
    assert not Like.objects.exists()
    if scripts:
        assert is_marked(page)


def test_liking_in_the_list_stays_in_the_list(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    bookmark(viewer, "A bird")
    bookmark(viewer, "A nest")
    page.goto("/images/")
    if scripts:
        mark(page)
    card = page.get_by_role("article").filter(has_text="A bird")
    card.get_by_role("button", name="Like A bird", exact=True).click()
    expect(card.get_by_role("button", name="Unlike A bird")).to_be_visible()
    expect(card.get_by_text("1 like", exact=True)).to_be_visible()
    assert page.url.split("#")[0].endswith("/images/")
    if scripts:
        assert is_marked(page)
        expect(card.get_by_role("button", name="Unlike A bird")).to_be_focused()


def test_editing_and_deleting_an_image(
    page: Page, viewer: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    image = bookmark(viewer, "A bird")
    page.goto(image.get_absolute_url())
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("鳥")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="鳥")).to_be_visible()
    assert unquote(page.url).endswith(f"/images/{image.pk}/鳥/")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“鳥” is deleted.")).to_be_visible()
    assert page.url.endswith("/people/ana/")
    assert not Image.objects.exists()


@scripts_on
def test_the_bookmarklet_works_on_a_page_that_forbids_scripts(
    page: Page, viewer: User, web: str
) -> None:
    page.goto("/images/bookmarklet/")
    href = page.get_by_role("link", name="Add to Magpie").get_attribute("href")
    assert href
    page.goto(f"{web}/strict")
    page.locator("img").last.evaluate("image => image.decode()")
    with page.context.expect_page() as tab:
        page.evaluate(unquote(href.removeprefix("javascript:")))
    expect(tab.value.get_by_label("Address")).to_have_value(f"{web}/nest.png")
    expect(tab.value.get_by_label("Title")).to_have_value("A page about birds")
    expect(tab.value.get_by_role("img", name="Preview of the image")).to_be_visible()
