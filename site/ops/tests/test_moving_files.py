"""`move_files` moves uploads from disk to the store while the site runs."""

import os
import tarfile
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from time import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from pytest_django import Settings

from config.settings.storage import storages_at
from images.models import Image
from imaging.object_storage import ObjectStorage, StoreError
from imaging.storage import WholeFileStorage
from ops.management.commands.move_files import move
from testing.image_files import image_file
from web.limits import DAY

pytestmark = pytest.mark.django_db(transaction=True)
STRAY = "images/ab/0123456789abcdef0123456789abcdef.jpg"


@pytest.fixture
def saved(
    tmp_path: Path, settings: Settings, ana: User, bookmark: Callable[..., Image], store_url: str
) -> dict[str, bytes]:
    """Save an image and a photo on disk, then use a store. Return the files by their names."""
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = str(folder)
    with override_settings(STORAGES=settings.STORAGES | storages_at("", "")):
        bookmark(ana)
        ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    settings.STORAGES = settings.STORAGES | storages_at(store_url, str(folder))
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def move_files() -> str:
    output = StringIO()
    call_command("move_files", stdout=output)
    return output.getvalue().rpartition("\r")[2]


def stored() -> dict[str, bytes]:
    """Return the files that are in the store, without those that are on disk only."""
    store = ObjectStorage(**settings.STORAGES["default"]["OPTIONS"] | {"former": ""})
    return {file.name: store.open(file.name).read() for file in store.files()}


def on_disk(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_all_files_are_moved_and_others_stay(saved: dict[str, bytes], settings: Settings) -> None:
    other = Path(settings.MEDIA_ROOT, "readme.txt")
    other.write_text("Hello")
    assert f"{len(saved)} files moved, 1 others left" in move_files()
    assert stored() == saved
    assert on_disk(settings) == [other]
    assert "0 files moved" in move_files()
    call_command("audit", stdout=StringIO())


def test_files_are_served_before_and_after_they_are_moved(
    saved: dict[str, bytes], client: Client
) -> None:
    for _ in range(2):
        for name, content in saved.items():
            assert b"".join(client.get(f"/media/{name}")) == content
        move_files()


def test_before_files_are_moved_an_audit_does_not_take_them_for_lost(
    saved: dict[str, bytes], ana: User
) -> None:
    assert saved
    call_command("audit", "--fix", stdout=StringIO())
    ana.profile.refresh_from_db()
    assert ana.profile.photo
    assert stored() == {}


def test_it_can_be_stopped_and_run_again(
    saved: dict[str, bytes], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, count = ObjectStorage._save, [0]

    def save_some(*args: object) -> str:
        count[0] += 1
        if count[0] > 3:
            raise StoreError("The store is away.")
        return save(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ObjectStorage, "_save", save_some)
    with pytest.raises(CommandError, match="away"):
        move_files()
    assert len(stored()) == 3
    assert len(on_disk(settings)) == len(saved) - 3
    monkeypatch.setattr(ObjectStorage, "_save", save)
    move_files()
    assert stored() == saved


def test_a_file_that_was_replaced_before_it_was_moved_is_gone(
    saved: dict[str, bytes], settings: Settings, ana: User
) -> None:
    old = ana.profile.photo.name
    ana.profile.photo.save("ana.webp", ContentFile(image_file("navy", (40, 30))))
    move_files()
    assert not [name for name in stored() if name.startswith(str(old))]
    assert not on_disk(settings)


def test_what_has_no_row_is_moved_too_and_then_pruned(
    saved: dict[str, bytes], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(settings.MEDIA_ROOT, STRAY).parent.mkdir(exist_ok=True)
    Path(settings.MEDIA_ROOT, STRAY).touch()
    os.utime(Path(settings.MEDIA_ROOT, STRAY), (time() - 2 * DAY,) * 2)
    move_files()
    call_command("prune")
    assert STRAY in stored()
    monkeypatch.setattr("ops.orphans.MIN_AGE", -timedelta(days=1))
    call_command("prune")
    assert stored() == saved


def test_files_are_found_while_they_are_moved(
    saved: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It moves all files when the first is looked for."""
    opened, exists = WholeFileStorage.open, WholeFileStorage.exists
    name = next(iter(saved))

    def after_moving(method: Callable[..., Any]) -> Callable[..., Any]:
        def moved(storage: WholeFileStorage, *args: Any) -> Any:
            monkeypatch.setattr(WholeFileStorage, "open", opened)
            monkeypatch.setattr(WholeFileStorage, "exists", exists)
            move_files()
            return method(storage, *args)

        return moved

    monkeypatch.setattr(WholeFileStorage, "exists", after_moving(exists))
    assert default_storage.exists(name)
    Path(settings.MEDIA_ROOT, name).write_bytes(saved[name])
    monkeypatch.setattr(WholeFileStorage, "open", after_moving(opened))
    with default_storage.open(name) as file:
        assert file.read() == saved[name]


def test_after_some_files_are_moved_an_audit_and_a_backup_find_all(
    saved: dict[str, bytes], tmp_path: Path
) -> None:
    for name in list(saved)[::2]:
        move(WholeFileStorage(settings.MEDIA_ROOT), name)
    assert 0 < len(stored()) < len(saved)
    call_command("audit", stdout=StringIO())
    call_command("backup", tmp_path / "magpie.tar", stdout=StringIO())
    with tarfile.open(tmp_path / "magpie.tar") as tar:
        names = [name.removeprefix("media/") for name in tar.getnames()]
    assert sorted(names) == sorted([*saved, "database", "about.json"])


def test_what_is_written_again_takes_the_place_of_a_damaged_file_on_disk(
    saved: dict[str, bytes],
) -> None:
    name = next(iter(saved))
    Path(settings.MEDIA_ROOT, name).write_bytes(b"damaged")
    default_storage.save(name, ContentFile(saved[name]))
    for _ in range(2):
        with default_storage.open(name) as file:
            assert file.read() == saved[name]
        move_files()


def test_without_a_store_there_is_nothing_to_do() -> None:
    with (
        override_settings(STORAGES=storages_at("", "")),
        pytest.raises(CommandError, match="store"),
    ):
        call_command("move_files")
