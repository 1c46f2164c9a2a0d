"""Being told, before a picture is saved, who has it already."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from images.fetching.fetch import fetch
from images.models import Image
from images.sanitize import sanitize
from testing.image_files import encode, noise

SCENE = noise(size=(6, 6)).resize((600, 400))


@pytest.fixture
def bens(ben: User) -> Image:
    return Image.objects.bookmark(ben, sanitize(encode(SCENE, "PNG")), title="A heron")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "copy.jpg"
    path.write_bytes(encode(SCENE.resize((450, 300)), "JPEG"))
    return path


def test_a_copy_is_saved_with_credit(
    page: Page,
    viewer: User,
    ben: User,
    bens: Image,
    copy: Path,
    expect_console_error: Callable[[str], None],
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Or files from your device").set_input_files(copy)
    page.get_by_label("Title").fill("My heron")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Ben Okafor has an image like this. Is it the same?")).to_be_visible()
    expect(page.get_by_role("img", name="A heron")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("My heron")
    page.get_by_role("checkbox", name="Save with credit to Ben Okafor").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="My heron")).to_be_visible()
    expect_console_error("422")
    mine = viewer.images_created.get()
    assert (mine.file, mine.via) == (bens.file, ben)


def test_ones_own_is_saved_once_more_after_a_question(
    page: Page, viewer: User, bens: Image, copy: Path, expect_console_error: Callable[[str], None]
) -> None:
    Image.objects.filter(pk=bens.pk).update(user=viewer)
    page.goto("/images/add/")
    page.get_by_label("Or files from your device").set_input_files(copy)
    page.get_by_label("Title").fill("Another heron")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You saved an image like this on")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Another heron")).to_be_visible()
    expect_console_error("422")
    assert viewer.images_created.count() == 2


def test_a_preview_tells_it_beside_the_picture(
    page: Page, viewer: User, bens: Image, web: str, scripts: bool
) -> None:
    bird = fetch(f"{web}/bird.jpg").body
    Image.objects.bookmark(bens.user, sanitize(bird), title="A bird")
    page.goto("/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Ben Okafor has this.")).to_be_visible()
    page.get_by_label("Title").fill("My bird")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="My bird")).to_be_visible()
