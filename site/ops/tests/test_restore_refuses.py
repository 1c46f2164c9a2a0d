"""A file that is not a backup of this site is refused, and changes no row and no file."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from images.models import Image
from ops.tests.archives import Members, rewrite, rows, run, smuggle
from testing.stored_files import stored_files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(file: Path, empty_storage: None, ana: User, bookmark: Callable[..., Image]) -> Path:
    """A backup of a site that has one more image by now."""
    bookmark(ana, colour="teal")
    run("backup", file)
    bookmark(ana, colour="navy")
    return file


@pytest.fixture
def refused(file: Path) -> Iterator[Callable[[], str]]:
    """Return the error of a restore that is refused, and assert that nothing has changed."""
    before = stored_files(), rows()

    def refused() -> str:
        with pytest.raises(CommandError) as error:
            call_command("restore", "--replace", str(file))
        return str(error.value)

    yield refused
    assert (stored_files(), rows()) == before


def test_a_file_that_is_not_an_archive_is_refused(file: Path, refused: Callable[[], str]) -> None:
    for data in (b"", b"hello", bytes(10240)):
        file.write_bytes(data)
        assert refused()
    file.unlink()
    assert "No such file" in refused()


def test_another_archive_is_refused(file: Path, refused: Callable[[], str]) -> None:
    with tarfile.open(file, "w") as tar:
        tar.add(__file__, "media/x.jpg")
    assert "about.json" in refused()


def test_an_archive_that_was_cut_short_is_refused(file: Path, refused: Callable[[], str]) -> None:
    data = file.read_bytes()
    with tarfile.open(file) as tar:
        end = max(member.offset_data + member.size for member in tar)
    for length in [*range(0, end, 7499), end - 1]:
        file.write_bytes(data[:length])
        assert refused()


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [
        ("media/../../outside.txt", tarfile.REGTYPE, ""),
        ("media//outside.txt", tarfile.REGTYPE, ""),
        ("database", tarfile.SYMTYPE, "/etc/passwd"),
        ("database", tarfile.LNKTYPE, "../outside.txt"),
        ("database", tarfile.FIFOTYPE, ""),
        ("about.json", tarfile.SYMTYPE, "/etc/passwd"),
    ],
)
def test_a_member_that_leads_out_of_the_folder_is_refused(
    file: Path, refused: Callable[[], str], name: str, kind: bytes, target: str
) -> None:
    rewrite(file, smuggle(name, kind, target))
    assert refused()
    assert not (file.parent / "outside.txt").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_a_link_among_the_files_is_left_out(file: Path, kind: bytes) -> None:
    rewrite(file, smuggle("media/link", kind, "/etc"))
    run("restore", "--replace", file)
    assert "link" not in stored_files()


def test_a_damaged_dump_is_refused(file: Path, refused: Callable[[], str]) -> None:
    def change(members: Members) -> None:
        member, content = members["database"]
        members["database"] = member, b"?" * len(content)

    rewrite(file, change)
    assert refused()


def changed(**about: Any) -> Callable[[Members], object]:
    def change(members: Members) -> None:
        member, content = members["about.json"]
        members["about.json"] = member, json.dumps(json.loads(content) | about).encode()

    return change


def test_a_backup_of_another_database_is_refused(file: Path, refused: Callable[[], str]) -> None:
    rewrite(file, changed(vendor="oracle"))
    assert f"of oracle, not of {connection.vendor}" in refused()


def test_a_backup_of_a_newer_version_is_refused(file: Path, refused: Callable[[], str]) -> None:
    rewrite(file, changed(migrations=["images.0999_later"]))
    assert "newer version of Magpie, with images.0999_later" in refused()


def test_an_older_backup_is_restored_and_migrated(ana: User, tmp_path: Path) -> None:
    call_command("migrate", "images", "0003", verbosity=0)
    run("backup", tmp_path / "magpie.tar")
    call_command("migrate", verbosity=0)
    run("restore", "--replace", tmp_path / "magpie.tar")
    newest = MigrationRecorder.Migration.objects.filter(app="images", name__startswith="0005")
    assert newest.exists()


@pytest.mark.parametrize("options", [(), ("--replace",)])
def test_a_site_whose_database_is_damaged(tmp_path: Path, file: Path, options: Any) -> None:
    database = tmp_path / "db.sqlite3"
    database.write_bytes(b"?" * 8192)
    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "restore", *options, file],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "not a database" in line
