"""Saving images by address and by upload, liking and deleting them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from e2e.clients.client import Client, wait_for
from images.models import Image, Like
from testing.image_files import image_file

pytestmark = pytest.mark.clients


def test_saving_an_image_by_its_address(
    client: Client, visit: Callable[[str], None], viewer: User, web: str
) -> None:
    visit("/images/add/")
    client.sees("Address")
    client.fill("Address", f"{web}/bird.jpg")
    if not client.runs_scripts:
        client.press("Preview")
    wait_for("the preview", lambda: client.shows_picture("Preview of the image"), client.text)
    client.fill("Title", "A find")
    client.press("Save")
    client.sees("Your image is saved.", "A find")
    assert Image.objects.get().url == f"{web}/bird.jpg"


def test_uploading_an_image(
    client: Client, visit: Callable[[str], None], viewer: User, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(image_file("orange", (500, 300)))
    visit("/images/add/")
    client.sees("Or files from your device")
    client.fill("Title", "Holiday")
    client.upload("Or files from your device", file, "Save")
    client.sees("Your image is saved.", "Holiday")
    wait_for("the image", lambda: client.shows_picture("Holiday"), client.text)
    assert Image.objects.get().width == 500


def test_liking_and_unliking(
    client: Client,
    visit: Callable[[str], None],
    viewer: User,
    ben: User,
    bookmark: Callable[..., Image],
) -> None:
    bookmark(ben, "A bird")
    bookmark(ben, "A tree")
    visit("/images/")
    client.sees_in_order("A tree", "0 likes", "Ben Okafor", "Like", "A bird", "0 likes", "Like")
    client.press("Like A bird")
    client.sees_button("Unlike A bird")
    client.sees_in_order("A tree", "0 likes", "A bird", "1 like")
    assert Like.objects.get().user == viewer
    client.press("Unlike A bird")
    client.sees_button("Like A bird")
    client.sees_in_order("A tree", "0 likes", "A bird", "0 likes")
    assert not Like.objects.exists()


def test_deleting_an_image(
    client: Client, visit: Callable[[str], None], viewer: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(viewer, "A bird")
    visit(image.get_absolute_url())
    client.sees("A bird")
    client.follow("Delete")
    client.sees("Delete this image?")
    client.press("Delete")
    client.sees("deleted")
    assert not Image.objects.exists()
