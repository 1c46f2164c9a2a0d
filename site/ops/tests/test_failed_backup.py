"""A backup or restore that is killed, or runs out of space, does no harm."""

import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from images.models import Image
from ops.tests.archives import rows, run
from testing.stored_files import stored_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_storage")]
Bookmark = Callable[..., Image]
MANAGE = settings.BASE_DIR / "manage.py"


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """The environment of a command in another process that uses the same site."""
    site = {"DATABASE_URL": database_url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    return os.environ | site


@pytest.fixture
def out_of_space(environment: dict[str, str]) -> Callable[..., str]:
    """Run a command that cannot write files over 40 kB, and return its errors."""

    def run(*args: str | Path) -> str:
        command = ["sh", "-c", 'ulimit -f 80; exec "$@"', "sh", sys.executable, MANAGE, *args]
        # A truncated .pyc would break later commands.
        limited = environment | {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, env=limited, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        return done.stderr

    return run


def test_a_full_disk_leaves_nothing_of_a_backup(
    ana: User, bookmark: Bookmark, file: Path, out_of_space: Callable[..., str]
) -> None:
    bookmark(ana)
    before = stored_files(), rows()
    assert "CommandError" in out_of_space("backup", file)
    assert {path.name for path in file.parent.iterdir()} <= {"media"}
    assert (stored_files(), rows()) == before


def test_a_restore_to_a_full_disk_changes_nothing(
    ana: User, bookmark: Bookmark, file: Path, out_of_space: Callable[..., str]
) -> None:
    bookmark(ana)
    run("backup", file)
    bookmark(ana, colour="navy")
    before = stored_files(), rows()
    assert "CommandError" in out_of_space("restore", "--replace", file)
    assert (stored_files(), rows()) == before


def test_a_killed_backup_leaves_no_incomplete_archive(
    ana: User, bookmark: Bookmark, file: Path, environment: dict[str, str]
) -> None:
    for colour in ("teal", "navy", "olive"):
        bookmark(ana, colour=colour)
    for number in range(5):
        command = [sys.executable, str(MANAGE), "backup", str(file)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as backup:
            # Until its folder exists, it is still starting.
            while backup.poll() is None and not [*file.parent.glob(f".{file.name}-*")]:
                time.sleep(0.001)
            time.sleep(number / 30)
            backup.kill()
        if file.exists():
            with tarfile.open(file) as tar:
                assert tar.getnames()[-1] == "about.json"
            file.unlink()
        for left in file.parent.glob(f".{file.name}-*"):
            shutil.rmtree(left)
    run("backup", file)
    assert not [name for name in stored_files() if name.startswith(".")]
