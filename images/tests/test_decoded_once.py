"""An upload is decoded once: for its original, its thumbnails and its perceptual hash."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imaging import pool
from testing.image_files import animation, encode, noise

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that decoders are given, as they come."""
    given: list[str] = []
    run: Callable[..., Any] = pool.run

    def noted(job: str, *args: Any, **options: Any) -> Any:
        given.append(job)
        return run(job, *args, **options)

    monkeypatch.setattr(pool, "run", noted)
    return given


@pytest.mark.parametrize("data", [encode(noise(size=(600, 400)), "JPEG"), animation("GIF")])
def test_an_image_is_decoded_once(as_ana: Client, jobs: list[str], data: bytes) -> None:
    fields = {"title": "A bird", "upload": SimpleUploadedFile("x", data)}
    assert as_ana.post("/images/add/", fields).status_code == 303
    assert jobs == ["sanitize"]


def test_a_photo_of_a_person_is_decoded_once(as_ana: Client, jobs: list[str]) -> None:
    photo = SimpleUploadedFile("x", encode(noise(size=(600, 400)), "JPEG"))
    assert as_ana.post("/profile/", {"photo": photo}).status_code == 303
    assert jobs == ["sanitize_photo"]


def test_a_picture_at_an_address_is_decoded_once_for_its_preview(
    as_ana: Client, jobs: list[str], web: str
) -> None:
    assert (
        as_ana.post("/images/add/", {"preview": "1", "url": f"{web}/bird.jpg"}).status_code == 200
    )
    assert jobs == ["preview"]
