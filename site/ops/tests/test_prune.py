"""`manage.py prune` deletes expired rows, and `make run` starts with it."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import call_command
from django.utils import timezone

from ops.tests.conftest import Run, Serve
from web.models import RateLimit

NEW_SESSION = "Session.objects.create(session_key='old', expire_date='2020-01-01T00:00Z')"
HAS_SESSION = "print(Session.objects.filter(pk='old').exists())"


@pytest.mark.django_db
def test_sessions_that_have_expired_are_deleted_and_no_other() -> None:
    now = timezone.now()
    for name, hours in ("old", -1), ("new", 1):
        Session.objects.create(session_key=name, expire_date=now + timedelta(hours=hours))
    call_command("prune")
    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.django_db
def test_counts_of_windows_that_have_ended_are_deleted_and_no_other() -> None:
    now = timezone.now()
    for hours in (-1, 1):
        RateLimit.objects.create(key=uuid4(), count=1, expires=now + timedelta(hours=hours))
    call_command("prune")
    assert [limit.expires > now for limit in RateLimit.objects.all()] == [True]


@pytest.mark.django_db
def test_uploads_that_were_cut_short_are_deleted_and_nothing_else(
    tmp_path: Path, settings: Any
) -> None:
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


def test_make_run_prunes_at_its_start(var: Path, run: Run, make_run: Serve) -> None:
    shell = (".venv/bin/python", "manage.py", "shell", "--verbosity", "0", "--command")
    run(*shell, NEW_SESSION)
    with make_run():
        assert run(*shell, HAS_SESSION).stdout.strip() == "False"
