"""Backups, audits and pruning work on an object store as they do on disk."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from images.models import Image
from ops.tests.archives import run
from testing.image_files import image_file
from testing.stored_files import store, stored_files

pytestmark = pytest.mark.django_db(transaction=True)
STRAY = "images/ab/0123456789abcdef0123456789abcdef.jpg"


@pytest.fixture(autouse=True)
def image(on_a_store: Path, ana: User, bookmark: Callable[..., Image]) -> Image:
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    return bookmark(ana)


def test_a_restore_brings_back_what_is_lost_or_damaged(file: Path) -> None:
    before = stored_files()
    run("backup", file)
    lost, damaged, *_ = before
    default_storage.delete(lost)
    store(damaged, b"hello")
    run("restore", "--replace", file)
    assert stored_files() == before
    run("audit")


def test_an_audit_draws_what_is_missing(image: Image) -> None:
    before = stored_files()
    default_storage.delete(image.image.thumbnail_name("thumbnail"))
    run("audit", "--fix")
    assert stored_files().keys() == before.keys()
    run("audit")


def test_old_files_without_rows_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored_files()
    store(STRAY)
    store("readme.txt")
    run("prune")
    assert STRAY in stored_files()
    monkeypatch.setattr("ops.orphans.MIN_AGE", -timedelta(days=1))
    run("prune")
    assert stored_files().keys() == before.keys() | {"readme.txt"}
