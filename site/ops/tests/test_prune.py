"""`manage.py prune` deletes expired rows and unused files, and `make run` starts with it."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import call_command
from django.utils import timezone

from images.files import ImageFile
from images.models import Image
from images.old_files import rename
from imaging.storage import save_all
from ops.tests.conftest import Run, Serve
from testing.image_files import image_file
from testing.stored_files import lose_files, store, stored_names
from web.models import RateLimit

NEW_SESSION = "Session.objects.create(session_key='old', expire_date='2020-01-01T00:00Z')"
HAS_SESSION = "print(Session.objects.filter(pk='old').exists())"


@pytest.mark.django_db
def test_only_expired_sessions_are_deleted() -> None:
    now = timezone.now()
    for name, hours in ("old", -1), ("new", 1):
        Session.objects.create(session_key=name, expire_date=now + timedelta(hours=hours))
    call_command("prune")
    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.django_db
def test_it_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prune")
    assert capsys.readouterr() == ("", "")


@pytest.mark.django_db
def test_only_counts_of_windows_that_have_ended_are_deleted() -> None:
    now = timezone.now()
    for hours in (-1, 1):
        RateLimit.objects.create(key=uuid4(), count=1, expires=now + timedelta(hours=hours))
    call_command("prune")
    assert [limit.expires > now for limit in RateLimit.objects.all()] == [True]


@pytest.mark.django_db
def test_only_old_interrupted_uploads_are_deleted(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    old, new = (TemporaryUploadedFile("bird.jpg", "image/jpeg", 0, None) for _ in range(2))
    others = tmp_path / "others"
    others.touch()
    for path in old.temporary_file_path(), others:
        os.utime(path, (0, 0))
    call_command("prune")
    assert {*tmp_path.iterdir()} == {Path(new.temporary_file_path()), others}
    for file in old, new:
        with suppress(FileNotFoundError):
            file.close()


STRAY = "images/ab/0123456789abcdef0123456789abcdef.jpg"


def store_strays(count: int) -> set[str]:
    """Store files without rows under names that Magpie could have given, and return these."""
    names = {f"images/ab/{number:032x}.jpg" for number in range(count)}
    save_all(default_storage, dict.fromkeys(names, b""))
    return names


@pytest.mark.usefixtures("empty_storage")
@pytest.mark.django_db(transaction=True)
def test_only_old_files_without_rows_are_deleted(
    ana: User, bookmark: Callable[..., Image], days_later: Callable[[float], None]
) -> None:
    bookmark(ana)
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    kept = stored_names()
    stray = {STRAY, f"{STRAY}.320w.webp", ".incoming-x"}
    foreign = {"images/ab/x.jpg", "readme.txt", "logo/logo.svg"}
    save_all(default_storage, dict.fromkeys(stray | foreign, b""))
    days_later(0.99)
    call_command("prune")
    assert stored_names() == kept | foreign | stray
    days_later(1.01)
    call_command("prune")
    assert stored_names() == kept | foreign


@pytest.mark.usefixtures("empty_storage")
@pytest.mark.django_db
def test_no_file_is_deleted_if_most_have_no_row(
    caplog: pytest.LogCaptureFixture, days_later: Callable[[float], None]
) -> None:
    names = store_strays(101)
    days_later(2)
    call_command("prune")
    assert stored_names() == names
    assert "is this the right database?" in caplog.text
    default_storage.delete(names.pop())
    call_command("prune")
    assert not stored_names()


@pytest.mark.usefixtures("empty_storage")
@pytest.mark.django_db(transaction=True)
def test_no_file_is_deleted_if_the_database_knows_other_files(
    ana: User,
    bookmark: Callable[..., Image],
    monkeypatch: pytest.MonkeyPatch,
    days_later: Callable[[float], None],
) -> None:
    monkeypatch.setattr("ops.orphans.FEW", 1)
    for colour in ("teal", "navy", "olive", "plum"):
        bookmark(ana, colour=colour)
    lose_files()
    names = store_strays(3)
    days_later(2)
    call_command("prune")
    assert stored_names() == names


@pytest.mark.disk
@pytest.mark.usefixtures("empty_storage")
@pytest.mark.django_db(transaction=True)
def test_old_names_are_deleted_even_if_images_were_deleted_since(
    ana: User,
    bookmark: Callable[..., Image],
    monkeypatch: pytest.MonkeyPatch,
    days_later: Callable[[float], None],
) -> None:
    monkeypatch.setattr("ops.orphans.FEW", 1)
    images = [bookmark(ana, colour=colour) for colour in ("teal", "navy", "olive", "plum")]
    old = stored_names()
    for file in ImageFile.objects.all():
        rename(file)
    for image in images[:2]:
        image.delete()
    days_later(2)
    call_command("prune")
    assert not stored_names() & old
    assert stored_names() >= {*Image.objects.values_list("image", flat=True)}


@pytest.mark.disk
@pytest.mark.usefixtures("empty_storage")
@pytest.mark.django_db
def test_files_without_rows_are_deleted_from_a_folder_on_another_disk_too(
    tmp_path: Path, settings: Any, days_later: Callable[[float], None]
) -> None:
    (tmp_path / "disk").mkdir()
    Path(settings.MEDIA_ROOT).mkdir()
    Path(settings.MEDIA_ROOT, "images").symlink_to(tmp_path / "disk")
    store(STRAY)
    assert (tmp_path / "disk" / STRAY.removeprefix("images/")).exists()
    days_later(2)
    call_command("prune")
    assert not (tmp_path / "disk" / STRAY.removeprefix("images/")).exists()


def test_make_run_prunes_when_it_starts(var: Path, run: Run, make_run: Serve) -> None:
    shell = (".venv/bin/python", "manage.py", "shell", "--verbosity", "0", "--command")
    run(*shell, NEW_SESSION)
    with make_run():
        assert run(*shell, HAS_SESSION).stdout.strip() == "False"
