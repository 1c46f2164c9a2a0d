"""On a full disk, a new photo is stored completely, or the old one stays."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from easy_thumbnails.models import Source, Thumbnail

from people.models import Profile
from testing.disks import full_disk, no_room_to
from testing.image_files import image_file
from testing.stored_files import stored_names

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stored(empty_storage: None) -> Callable[[], set[Any]]:
    """Return all stored files and rows."""

    def stored() -> set[Any]:
        photos = set(Profile.objects.values_list("user", "photo", "date_of_birth"))
        return {*stored_names(), *photos, *Source.objects.all(), *Thumbnail.objects.all()}

    return stored


@pytest.fixture
def save(as_ana: Client) -> Callable[[str], Any]:
    as_ana.raise_request_exception = False

    def save(kind: str) -> Any:
        photo = SimpleUploadedFile("x", image_file(kind=kind))
        return as_ana.post("/profile/", {"date_of_birth": "1990-05-17", "photo": photo})

    return save


@pytest.mark.disk
@pytest.mark.parametrize("room", range(4))
@pytest.mark.parametrize("is_first", [True, False])
def test_a_disk_that_is_full_at_any_file_changes_nothing(
    ana: User,
    as_ana: Client,
    tmp_path: Path,
    save: Callable[[str], Any],
    stored: Callable[[], set[Any]],
    room: int,
    is_first: bool,
) -> None:
    if not is_first:
        save("JPEG")
    before = stored()
    with full_disk(tmp_path, room):
        response = save("PNG")
    assert response.status_code == 507
    assert "Magpie’s storage is full" in response.text
    assert stored() == before
    photo = Profile.objects.get(user=ana).photo
    assert is_first or photo.urls["photo"] in as_ana.get("/people/ana/").text
    with full_disk(tmp_path, 4):
        assert save("PNG").status_code == 303
    assert len([name for name in stored_names() if name.endswith(".webp")]) == 3


def test_a_full_database_changes_nothing(
    save: Callable[[str], Any], stored: Callable[[], set[Any]]
) -> None:
    save("JPEG")
    before = stored()
    with no_room_to('UPDATE "people_profile"'):
        assert save("PNG").status_code == 503
    assert stored() == before
