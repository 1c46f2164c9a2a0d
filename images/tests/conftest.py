"""Bookmarking images, from a web of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from images.clean import clean
from images.models import Image
from images.tests.web import picture, served


@pytest.fixture(scope="session")
def served_web() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture
def web(served_web: str, settings: Settings) -> str:
    """The address of a web from which images may be fetched."""
    settings.FETCH_ALLOWED_HOSTS = [served_web.removeprefix("http://")]
    return served_web


@pytest.fixture
def bookmark() -> Callable[..., Image]:
    """Bookmark a picture for a user, of a colour and a size if they matter."""

    def bookmark(user: User, title: str = "A bird", colour: str = "teal", **fields: str) -> Image:
        cleaned = clean(picture(colour, (40, 30)))
        return Image.objects.bookmark(user, cleaned, title=title, **fields)

    return bookmark


@pytest.fixture
def save(as_ana: Client) -> Callable[..., Any]:
    """Send the form to add an image as Ana; an `upload` is given as its bytes."""

    def save(upload: bytes = b"", **fields: str) -> Any:
        data: dict[str, Any] = {"title": "A bird", **fields}
        if upload:
            data["upload"] = SimpleUploadedFile("x.exe", upload)
        return as_ana.post("/images/add/", data)

    return save
