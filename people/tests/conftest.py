"""Fixtures for uploading photos."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from testing.stored_files import stored_names


@pytest.fixture
def upload(as_ana: Client) -> Callable[[bytes, str], str]:
    """Upload bytes as Ana's photo, and return the error, or "" if there is none."""

    def upload(data: bytes, name: str = "photo.jpg") -> str:
        response = as_ana.post("/profile/", {"photo": SimpleUploadedFile(name, data)})
        if response.status_code == 303:
            return ""
        assert response.status_code == 422
        return str(response.context["form"].errors["photo"][0])

    return upload


@pytest.fixture
def stored(empty_storage: None) -> Callable[[], set[str]]:
    return stored_names
