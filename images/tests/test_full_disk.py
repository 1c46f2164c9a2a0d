"""On a full disk, an upload is stored completely or refused with a message."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from easy_thumbnails.models import Source, Thumbnail

from images.files import ImageFile
from images.models import Image
from images.sanitize import sanitize
from images.unused_files import GRACE
from stream.models import Action
from testing.disks import full_disk, no_room_to
from testing.image_files import image_file
from testing.stored_files import lose_files, stored_names

pytestmark = pytest.mark.django_db(transaction=True)
NO_ROOM = "Magpie’s storage is full"


@pytest.fixture
def folder(empty_storage: None, tmp_path: Path, settings: Any) -> Path:
    """The folder for the site's files on disk, with a subfolder for temporary ones."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    (tmp_path / "uploads").mkdir()
    return tmp_path


@pytest.fixture
def remaining(folder: Path) -> Callable[[], set[Any]]:
    """Return all files and rows that remain after a day."""

    def remaining() -> set[Any]:
        yesterday = timezone.now() - GRACE
        ImageFile.objects.exclude(unused_since=None).update(unused_since=yesterday)
        ImageFile.objects.prune()
        rows = {*Image.objects.all(), *ImageFile.objects.all(), *Action.objects.all()}
        files = {path for path in folder.rglob("*") if path.is_file()}
        return {
            *rows,
            *ImageFile.objects.all(),
            *files,
            *stored_names(),
            *Source.objects.all(),
            *Thumbnail.objects.all(),
        }

    return remaining


@pytest.fixture
def save(as_ana: Client) -> Callable[..., Any]:
    as_ana.raise_request_exception = False

    def save(data: bytes, description: str = "") -> Any:
        fields = {"title": "A bird", "description": description}
        upload = SimpleUploadedFile("x.jpg", data)
        return as_ana.post("/images/add/", {**fields, "upload": upload})

    return save


@pytest.mark.disk
def test_a_disk_that_is_full_at_any_file_leaves_nothing_of_the_image(
    folder: Path, save: Callable[..., Any], remaining: Callable[[], set[Any]]
) -> None:
    data = image_file("teal", (2400, 300))
    for room in range(9):
        with full_disk(folder, room):
            response = save(data)
        assert response.status_code == 507
        assert NO_ROOM in response.text
        assert remaining() == set()
    with full_disk(folder, 9):
        assert save(data).status_code == 303
    # The loop has covered every write.
    assert len(stored_names()) == 9


@pytest.mark.disk
def test_a_picture_that_is_already_stored_needs_no_room(
    folder: Path, ben: User, save: Callable[..., Any]
) -> None:
    data = image_file("olive", (400, 300))
    Image.objects.bookmark(ben, sanitize(data), title="Mine")
    with full_disk(folder):
        assert "has <a" in save(data).text


@pytest.mark.disk
def test_a_lost_file_is_stored_completely_after_the_disk_was_full_again(
    folder: Path, save: Callable[..., Any]
) -> None:
    data = image_file("olive", (400, 300))
    save(data)
    files = stored_names()
    for room in range(len(files)):
        lose_files()
        with full_disk(folder, room):
            assert save(data).status_code == 507
        assert save(data).status_code == 303
        assert stored_names() == files


def test_a_large_upload_that_cannot_be_received_gets_the_same_message(
    folder: Path, save: Callable[..., Any], remaining: Callable[[], set[Any]]
) -> None:
    # Like a motion photo, which has a video appended.
    data = image_file("navy", (400, 300)) + Random(1).randbytes(3_000_000)
    with full_disk(folder / "uploads"):
        response = save(data)
    assert response.status_code == 507
    assert NO_ROOM in response.text
    assert remaining() == set()
    assert save(data).status_code == 303


@pytest.mark.parametrize("table", ["images_imagefile", "images_image", "stream_action"])
def test_a_database_that_is_full_at_any_row_leaves_nothing_of_the_image(
    save: Callable[..., Any], remaining: Callable[[], set[Any]], table: str
) -> None:
    with no_room_to(f'INSERT INTO "{table}"'):
        assert save(image_file("navy", (400, 300))).status_code == 503
    assert remaining() == set()


@contextmanager
def full_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        (before,) = cursor.fetchone()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA max_page_count = 1")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA max_page_count = {before}")


@contextmanager
def full_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON images_image "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION refuse CASCADE")


@pytest.mark.parametrize("full_database", [globals()[f"full_{connection.vendor}"]])
def test_a_full_database_leaves_no_file_without_a_row(
    folder: Path,
    save: Callable[..., Any],
    remaining: Callable[[], set[Any]],
    full_database: Callable[[], Any],
) -> None:
    with full_database():
        for number in range(100):
            before = remaining()
            data = image_file("gold", (400 + number, 300))
            response = save(data, "Words. " * 250)
            if response.status_code != 303:
                break
    assert response.status_code == 503
    assert response["Retry-After"]
    assert remaining() == before
    assert save(data).status_code == 303
