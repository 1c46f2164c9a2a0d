"""An upload is on disk completely, or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class Interrupted(ContentFile[bytes]):
    """A file whose first chunk can be written before the disk is full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        assert list(Path(default_storage.path("")).rglob("kept.bin")) == []
        yield b"a piece"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def test_a_file_is_stored_unchanged(files: Path) -> None:
    name = default_storage.save("a/kept.bin", ContentFile(b"all of it"))
    assert [path for path in files.rglob("*") if path.is_file()] == [files / name]
    assert (files / name).read_bytes() == b"all of it"
    assert stat.S_IMODE((files / name).stat().st_mode) == 0o640


def test_a_file_that_could_not_be_written_leaves_nothing(files: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a/kept.bin", Interrupted(b""))
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_gets_its_name_after_all_of_it_is_on_disk(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, synced = os.fsync, []

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        synced.append((files / "a/kept.bin").exists())

    monkeypatch.setattr(os, "fsync", fsync)
    default_storage.save("a/kept.bin", ContentFile(b"all of it"))
    assert synced == [False]


def test_a_file_that_is_written_again_keeps_its_name(files: Path) -> None:
    names = [default_storage.save("a/kept.bin", ContentFile(text)) for text in (b"one", b"two")]
    assert [path for path in files.rglob("*") if path.is_file()] == [files / "a/kept.bin"]
    assert names == ["a/kept.bin"] * 2
    assert (files / "a/kept.bin").read_bytes() == b"two"


def test_a_file_that_could_not_be_written_again_stays_as_it_was(files: Path) -> None:
    default_storage.save("a/old.bin", ContentFile(b"one"))
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a/old.bin", Interrupted(b""))
    assert [path.read_bytes() for path in files.rglob("*") if path.is_file()] == [b"one"]
