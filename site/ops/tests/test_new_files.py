"""Only the owner can read new files from the start, whatever the umask."""

import os
import runpy
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.settings import base


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The umask of whoever starts Magpie."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class Watched(ContentFile[bytes]):
    """A file that records the modes of the files in `root` while it is written."""

    root: Path
    seen: set[int]

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        self.seen = {mode(path) for path in self.root.rglob("*")}
        yield b"a picture"


@pytest.mark.usefixtures("umask")
def test_only_the_owner_can_read_new_files(tmp_path: Path) -> None:
    runpy.run_path(str(base.__file__))
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    assert mode(tmp_path / "file") == 0o600
    assert mode(tmp_path / "folder") == 0o700


@pytest.mark.disk
@pytest.mark.usefixtures("umask")
def test_only_the_owner_and_the_group_can_read_media(root: Path) -> None:
    default_storage.save("images/ab/sea.webp", ContentFile(b"a picture"))
    assert {mode(path) for path in (root, root / "images", root / "images/ab")} == {0o2750}
    assert mode(root / "images/ab/sea.webp") == 0o640


@pytest.mark.disk
@pytest.mark.usefixtures("umask")
def test_only_the_owner_can_read_a_file_that_is_being_written(root: Path) -> None:
    file = Watched(b"", "sea.webp")
    file.root = root
    default_storage.save("sea.webp", file)
    assert file.seen == {0o600}


@pytest.mark.disk
def test_new_media_get_the_group_of_their_root_folder(root: Path) -> None:
    # Only root may give a folder to a group that it does not belong to.
    group = 12345 if os.getuid() == 0 else os.getgroups()[-1]
    root.mkdir()
    os.chown(root, -1, group)
    root.chmod(0o2750)
    default_storage.save("images/ab/sea.webp", ContentFile(b"a picture"))
    assert {path.stat().st_gid for path in root.rglob("*")} == {group}
