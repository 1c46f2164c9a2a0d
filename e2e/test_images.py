"""Saving, viewing, liking, editing and deleting images."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import is_marked, loaded_width, mark
from images.models import Image, Like
from stream.models import Action
from testing.fixtures.people import PASSWORD
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
    source = page.get_by_role("link", name="127.0.0.1")
    expect(source).to_have_attribute("rel", "noopener nofollow ugc")


def test_saving_an_image_of_a_web_page(page: Page, viewer: User, web: str, scripts: bool) -> None:
    page.goto("/images/add/")
    page.get_by_label("Description").fill("My words")
    page.get_by_label("Address").fill(f"{web}/page")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This is a web page. Choose which of its images")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    expect(page.get_by_label("Title")).to_have_value("A page about birds")
    expect(page.get_by_label("Description")).to_have_value("My words")
    page.get_by_role("checkbox", name="Image 1 of 2").uncheck()
    page.get_by_role("checkbox", name="Image 2 of 2").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    image = Image.objects.get()
    assert (image.url, image.page_url) == (f"{web}/nest.png", f"{web}/page")


def test_saving_several_images_of_a_web_page(
    page: Page, viewer: User, web: str, scripts: bool
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Address").fill(f"{web}/page")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("checkbox", name="Image 2 of 2").check()
    expect(page.get_by_label("Title")).to_have_value("A page about birds")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    assert Image.objects.count() == 2


def test_saving_the_image_of_somebody_else(
    page: Page, viewer: User, ben: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    image = bookmark(ben, "A bird", page_url="https://birds.example/")
    page.goto("/images/")
    page.get_by_role("button", name="Save A bird").click()
    saved = page.get_by_role("link", name="Saved A bird")
    expect(saved).to_be_visible()
    if scripts:
        expect(saved).to_be_focused()
    saved.click()
    expect(page.get_by_text("Via Ben Okafor, found on birds.example")).to_be_visible()
    assert viewer.images_created.get().file == image.file


def test_what_was_typed_survives_the_end_of_the_session(
    page: Page, viewer: User, web: str, scripts: bool
) -> None:
    viewer.set_password(PASSWORD)
    page.goto("/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    page.get_by_label("Title").fill("A find")
    if scripts:
        # A preview after the end of the session would lead to the login page, too.
        expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    viewer.save()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Username or email").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Title")).to_have_value("A find")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A find")).to_be_visible()


def test_saving_a_file_from_the_device(page: Page, viewer: User, file: Path) -> None:
    page.goto("/images/add/")
    page.get_by_label("Or files from your device").set_input_files(file)
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
    page.get_by_label("Or files from your device").set_input_files(file)
    page.get_by_label("Description").fill("My words")
    page.get_by_label("Title").fill("\u200b")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This title has no visible characters.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("My words")
    expect_console_error("422")
    page.get_by_label("Title").fill("Holiday")
    if not scripts:
        expect(page.get_by_text("Your browser no longer has the file")).to_be_visible()
        page.get_by_label("Or files from your device").set_input_files(file)
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


def test_links_lead_from_image_to_image_of_one_person(
    page: Page, viewer: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    for title in ("A bird", "A nest", "Clouds"):
        bookmark(ben, title)
        bookmark(viewer, f"My {title}")
    page.goto("/images/")
    page.get_by_role("link", name="Clouds", exact=True).click()
    for name, title in (("Next", "A nest"), ("Next", "A bird"), ("Previous", "A nest")):
        page.get_by_role("link", name=f"{name} image").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    others = page.get_by_role("region", name="More by Ben Okafor")
    expect(others.get_by_role("listitem")).to_have_text(["Clouds", "A bird"])
    others.get_by_role("link", name="A bird").click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    expect(page.get_by_role("link", name="Next image")).to_have_count(0)
