"""Uploading several files at once."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images import uploads
from images.models import Image
from testing.image_files import image_file
from testing.markup import has

pytestmark = pytest.mark.django_db
COLOURS = ["teal", "maroon", "olive", "navy", "purple", "gray", "lime", "red", "blue", "white"]


def png(number: int, name: str = "") -> SimpleUploadedFile:
    data = image_file(COLOURS[number % 10], (60 + number, 40), "PNG")
    return SimpleUploadedFile(name or f"IMG_00{number}.png", data)


def send(client: Client, files: list[SimpleUploadedFile], **fields: str) -> Any:
    return client.post("/images/add/", {"upload": files, **fields})


def test_each_becomes_an_image_named_like_its_file(as_ana: Client, ana: User) -> None:
    response = send(as_ana, [png(0), png(1), png(2, "\u200b.png")], page_url="birds.example")
    assert (response.status_code, response["Location"]) == (303, "/people/ana/")
    titles = list(ana.images_created.order_by("pk").values_list("title", "page_url"))
    assert titles == [
        (title, "https://birds.example/") for title in ("IMG 000", "IMG 001", "Image")
    ]
    assert "3 images are saved." in as_ana.get("/people/ana/").text


def test_files_sent_one_after_another_are_named_and_announced_together(
    as_ana: Client, ana: User
) -> None:
    assert [send(as_ana, [png(number)], several="0").status_code for number in (0, 1)] == [204, 204]
    assert send(as_ana, [png(2)], several="3")["Location"] == "/people/ana/"
    titles = ana.images_created.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["IMG 000", "IMG 001", "IMG 002"]
    html = as_ana.get("/people/ana/").text
    assert "3 images are saved." in html
    assert "Your image is saved." not in html


def test_a_typed_title_is_that_of_all(as_ana: Client) -> None:
    send(as_ana, [png(0), png(1)], title="Two birds")
    assert {image.title for image in Image.objects.all()} == {"Two birds"}


def test_bad_files_are_named_and_the_others_saved(as_ana: Client) -> None:
    empty, text = SimpleUploadedFile("empty.png", b""), SimpleUploadedFile("a.txt", b"no image")
    files = [png(number) for number in range(8)]
    assert send(as_ana, [empty, *files, text])["Location"] == "/people/ana/"
    assert Image.objects.count() == 8
    html = as_ana.get("/people/ana/").text
    assert "8 images are saved." in html
    assert "empty.png: " in html
    assert "a.txt: " in html


def test_if_all_are_bad_the_form_says_why_and_keeps_the_text(as_ana: Client) -> None:
    bad = [SimpleUploadedFile(f"{number}.png", b"no image") for number in range(2)]
    response = send(as_ana, bad, description="My words")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["upload"]
    assert len(response.context["form"].errors["upload"]) == 2
    assert "My words" in response.text
    assert not Image.objects.exists()


def test_more_than_ten_are_refused_before_any_is_read(as_ana: Client) -> None:
    response = send(as_ana, [png(number) for number in range(11)])
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["upload"]
    assert not Image.objects.exists()


def test_files_for_which_there_is_no_time_are_named(
    as_ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 1.0, uploads.MAX_SECONDS + 1.0])
    monkeypatch.setattr(uploads, "monotonic", lambda: next(times))
    send(as_ana, [png(0), png(1)])
    assert [image.title for image in Image.objects.all()] == ["IMG 000"]
    assert "IMG_001.png: There was no time" in as_ana.get("/people/ana/").text


def test_one_file_still_needs_a_title(as_ana: Client) -> None:
    response = send(as_ana, [png(0)])
    assert list(response.context["form"].errors) == ["title"]


def test_the_field_takes_several_files(as_ana: Client) -> None:
    html = as_ana.get("/images/add/").text
    assert has(html, '[type="file"][multiple]')
    assert not has(html, "#id_title[required]")
