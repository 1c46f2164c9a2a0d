"""`manage.py prune` deletes expired rows and unused files, and `make run` starts with it."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import call_command
from django.utils import timezone

from images.files import ImageFile
from images.models import Image
from images.old_files import rename
from images.unused_files import GRACE
from ops.tests.conftest import Run, Serve
from testing.image_files import image_file
from web.limits import DAY
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


def aged(root: Path, *names: str) -> list[Path]:
    """Make files that are two days old."""
    paths = [root / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (time() - 2 * DAY,) * 2)
    return paths


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_only_old_files_without_rows_are_deleted(
    media: Path, ana: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(ana)
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    kept = [path for path in media.rglob("*") if path.is_file()]
    aged(media, *(str(path.relative_to(media)) for path in kept))
    stray = aged(media, STRAY, f"{STRAY}.320w.webp", ".incoming-x")
    foreign = aged(media, "images/ab/x.jpg", "readme.txt", "logo/logo.svg")
    new = media / STRAY.replace("ab/", "cd/")
    new.parent.mkdir(exist_ok=True)
    new.touch()
    call_command("prune")
    assert not any(path.exists() for path in stray)
    assert all(path.exists() for path in (*kept, *foreign, new))


@pytest.mark.django_db
def test_no_file_is_deleted_if_most_have_no_row(
    media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths = aged(media, *(f"images/ab/{number:032x}.jpg" for number in range(101)))
    call_command("prune")
    assert all(path.exists() for path in paths)
    assert "is this the right database?" in caplog.text
    paths.pop().unlink()
    call_command("prune")
    assert not any(path.exists() for path in paths)


@pytest.mark.django_db(transaction=True)
def test_no_file_is_deleted_if_the_database_knows_other_files(
    media: Path, ana: User, bookmark: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.orphans.FEW", 1)
    for colour in ("teal", "navy", "olive", "plum"):
        bookmark(ana, colour=colour)
    shutil.rmtree(media)
    paths = aged(media, *(f"images/ab/{number:032x}.jpg" for number in range(3)))
    call_command("prune")
    assert all(path.exists() for path in paths)


@pytest.mark.django_db(transaction=True)
def test_old_names_are_deleted_even_if_images_were_deleted_since(
    media: Path, ana: User, bookmark: Callable[..., Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.orphans.FEW", 1)
    images = [bookmark(ana, colour=colour) for colour in ("teal", "navy", "olive", "plum")]
    old = [image.image.name for image in images]
    for file in ImageFile.objects.all():
        rename(file)
    aged(media, *(str(path.relative_to(media)) for path in media.rglob("*.*")))
    for image in images[:2]:
        image.delete()
    ImageFile.objects.exclude(unused_since=None).update(unused_since=timezone.now() - 2 * GRACE)
    call_command("prune")
    assert not any((media / name).exists() for name in old)
    assert all((media / name).exists() for name in Image.objects.values_list("image", flat=True))


@pytest.mark.django_db
def test_files_without_rows_are_deleted_from_a_folder_on_another_disk_too(
    tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (stray,) = aged(tmp_path / "disk", "ab/0123456789abcdef0123456789abcdef.jpg")
    Path(settings.MEDIA_ROOT).mkdir()
    Path(settings.MEDIA_ROOT, "images").symlink_to(tmp_path / "disk")
    call_command("prune")
    assert not stray.exists()


def test_make_run_prunes_when_it_starts(var: Path, run: Run, make_run: Serve) -> None:
    shell = (".venv/bin/python", "manage.py", "shell", "--verbosity", "0", "--command")
    run(*shell, NEW_SESSION)
    with make_run():
        assert run(*shell, HAS_SESSION).stdout.strip() == "False"
