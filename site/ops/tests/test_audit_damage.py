"""An audit reports a damaged database, and then deletes nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.db import connection

from images.models import Image
from sqlite.library import LIBRARY
from testing.stored_files import store, stored_names

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # PostgreSQL checks itself.
    pytest.mark.sqlite,
]
PAGE = 4096


@pytest.fixture
def database(
    ana: User, bookmark: Callable[..., Image], empty_storage: None, tmp_path: Path
) -> Path:
    """A copy of a database that has an image, for a test to damage."""
    bookmark(ana)
    copy = tmp_path / "db.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    return copy


def audit(database: Path, *args: str) -> tuple[int, str]:
    """Return the exit code and the output of an audit of that database."""
    done = subprocess.run(
        [sys.executable, site.BASE_DIR / "manage.py", "audit", *args],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": site.MEDIA_ROOT},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def damage(database: Path, table: str) -> None:
    """Overwrite the first page of a table, as a failing disk might."""
    with closing(LIBRARY.connect(database)) as reader:
        (page,) = reader.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]
        ).fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"?" * PAGE)


def test_an_undamaged_database_passes(database: Path) -> None:
    code, output = audit(database)
    assert code == 0, output
    assert "Traceback" not in output


def test_damage_is_reported_and_no_file_is_deleted(database: Path) -> None:
    store("images/lost.jpg")
    before = stored_names()
    damage(database, "images_image")
    code, output = audit(database, "--fix")
    assert code == 1
    assert "database damage: " in output
    assert "Traceback" not in output
    assert stored_names() == before


def test_a_row_without_its_owner_is_damage(database: Path) -> None:
    with closing(LIBRARY.connect(database)) as writer:
        writer.execute("DELETE FROM auth_user")
        writer.commit()
    code, output = audit(database)
    assert code == 1
    assert "database damage: foreign_key_check" in output


def test_a_file_that_is_not_a_database_is_damage(database: Path) -> None:
    store("images/lost.jpg")
    before = stored_names()
    database.write_bytes(b"?" * PAGE)
    code, output = audit(database, "--fix")
    assert code == 1
    assert "database damage: " in output
    assert stored_names() == before
