"""A file that is no backup of this site is refused before anything changes."""

import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from images.models import Image
from ops.tests.archives import rewritten, smuggle

pytestmark = pytest.mark.django_db(transaction=True)
Change = Callable[[Any, dict[str, Any]], object]


@pytest.fixture
def file(ana: User, bookmark: Callable[..., Image], tmp_path: Path, settings: Any) -> Path:
    """A backup of a site on which there is one image more by now."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    bookmark(ana, colour="teal")
    call_command("backup", str(tmp_path / "magpie.tar"), stdout=io.StringIO())
    bookmark(ana, colour="navy")
    return tmp_path / "magpie.tar"


@pytest.fixture
def refused(file: Path, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Restore, which is to be refused; returns why. Nothing may have changed."""

    def state() -> object:
        paths = {path for path in tmp_path.rglob("*") if path != file}
        files = {path: path.stat().st_mtime_ns for path in paths}
        return files, list(Image.objects.values()), list(User.objects.values())

    before = state()

    def refused() -> str:
        with pytest.raises(CommandError) as error:
            call_command("restore", "--replace", str(file))
        return str(error.value)

    yield refused
    assert state() == before


def test_a_file_that_is_no_archive_is_refused(file: Path, refused: Callable[[], str]) -> None:
    for data in (b"", b"hello", bytes(10240)):
        file.write_bytes(data)
        assert "no archive of Magpie, or a damaged one" in refused()
    file.unlink()
    assert "No such file" in refused()


def test_another_archive(file: Path, refused: Callable[[], str]) -> None:
    with tarfile.open(file, "w") as tar:
        tar.add(__file__, "media/x.jpg")
    assert "no archive of Magpie" in refused()


def test_an_archive_cut_short_anywhere(file: Path, refused: Callable[[], str]) -> None:
    data = file.read_bytes()
    with tarfile.open(file) as tar:
        end = max(member.offset_data + member.size for member in tar)
    for length in [*range(0, end, 1499), end - 1]:
        file.write_bytes(data[:length])
        assert "damaged" in refused()


def test_a_bit_that_changed_anywhere(file: Path, refused: Callable[[], str]) -> None:
    data = file.read_bytes()
    with tarfile.open(file) as tar:
        places = [
            place
            for member in tar
            for place in (member.offset, member.offset_data, member.offset_data + member.size // 2)
            if member.size
        ]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << Random(place).randrange(8)
        file.write_bytes(changed)
        assert refused()


@pytest.mark.parametrize(
    "change",
    [
        smuggle("../outside.txt"),
        smuggle("media/../../outside.txt"),
        smuggle("/outside.txt"),
        smuggle("media/link", tarfile.SYMTYPE, "/etc"),
        smuggle("media/link", tarfile.SYMTYPE, "../.."),
        smuggle("media/link", tarfile.LNKTYPE, "../outside.txt"),
        smuggle("media/device", tarfile.CHRTYPE),
        smuggle("media/pipe", tarfile.FIFOTYPE),
        smuggle("elsewhere.txt"),
        smuggle("media/.hidden"),
    ],
)
def test_a_member_that_would_lie_elsewhere(
    file: Path, refused: Callable[[], str], change: Change
) -> None:
    rewritten(file, change)
    assert refused()


def test_a_member_that_the_manifest_does_not_know(file: Path, refused: Callable[[], str]) -> None:
    rewritten(file, lambda members, manifest: manifest["sha256"].popitem())
    assert "is not what it was" in refused()


def test_a_member_that_is_gone(file: Path, refused: Callable[[], str]) -> None:
    rewritten(file, lambda members, manifest: members.popitem())
    assert "is not what it was" in refused()


def test_an_archive_without_a_database(file: Path, refused: Callable[[], str]) -> None:
    def change(members: Any, manifest: dict[str, Any]) -> None:
        name = next(name for name in members if name.startswith("database"))
        del members[name], manifest["sha256"][name]

    rewritten(file, change)
    assert "no database" in refused()


def test_a_backup_of_another_database(file: Path, refused: Callable[[], str]) -> None:
    rewritten(file, lambda members, manifest: manifest.update(vendor="oracle"))
    assert f"of oracle, not of {connection.vendor}" in refused()


def test_a_backup_of_a_newer_magpie(file: Path, refused: Callable[[], str]) -> None:
    rewritten(file, lambda members, manifest: manifest["migrations"].append("images.0999_later"))
    assert "newer Magpie, which has images.0999_later" in refused()


def test_a_backup_in_a_newer_format(file: Path, refused: Callable[[], str]) -> None:
    rewritten(file, lambda members, manifest: manifest.update(format=2))
    assert "newer Magpie, whose format" in refused()


def test_an_older_backup_is_taken_and_brought_up_to_date(ana: User, tmp_path: Path) -> None:
    call_command("migrate", "images", "0002", verbosity=0)
    file = str(tmp_path / "magpie.tar")
    call_command("backup", file, stdout=io.StringIO())
    call_command("migrate", verbosity=0)
    call_command("restore", "--replace", file, stdout=io.StringIO())
    newest = MigrationRecorder.Migration.objects.filter(app="images", name__startswith="0003")
    assert newest.exists()
