"""An upload is stored completely, or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from testing.stored_files import store, stored_files, stored_names

pytestmark = pytest.mark.usefixtures("empty_storage")


class Interrupted(ContentFile[bytes]):
    """A file whose first chunk can be written before the disk is full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        assert not any(name.endswith("kept.bin") for name in stored_names())
        yield b"a piece"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_is_stored_unchanged() -> None:
    name = store("a/kept.bin", b"all of it")
    assert name == "a/kept.bin"
    assert stored_files() == {name: b"all of it"}


@pytest.mark.disk
def test_the_proxy_can_read_a_file() -> None:
    path = Path(default_storage.path(store("a/kept.bin")))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.disk
def test_a_file_that_could_not_be_written_leaves_nothing() -> None:
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a/kept.bin", Interrupted(b""))
    assert not stored_names()


@pytest.mark.disk
def test_a_file_gets_its_name_after_all_of_it_is_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    sync, synced = os.fsync, []

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        synced.append(default_storage.exists("a/kept.bin"))

    monkeypatch.setattr(os, "fsync", fsync)
    store("a/kept.bin", b"all of it")
    assert synced == [False]


def test_a_file_that_is_written_again_keeps_its_name() -> None:
    names = [store("a/kept.bin", text) for text in (b"one", b"two")]
    assert names == ["a/kept.bin"] * 2
    assert stored_files() == {"a/kept.bin": b"two"}


@pytest.mark.disk
def test_a_file_that_could_not_be_written_again_stays_as_it_was() -> None:
    store("a/old.bin", b"one")
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a/old.bin", Interrupted(b""))
    assert stored_files() == {"a/old.bin": b"one"}
