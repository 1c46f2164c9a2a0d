"""No process opens the database with two libraries, which would lose each other's locks."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sqlite.library import LIBRARY
from sqlite.tests.processes import finish, start

pytestmark = pytest.mark.sqlite

IMPORT = """
import sqlite3
import django
django.setup()
from django.db import connection
connection.ensure_connection()
import sqlite3.dbapi2
from sqlite3 import dbapi2
for library in (connection.Database, sqlite3, sqlite3.dbapi2, dbapi2):
    print(library.sqlite_version)
"""


def version_of(reader: Any) -> str:
    return str(reader.execute("SELECT sqlite_version()").fetchone()[0])


def test_every_import_of_sqlite3_gets_the_library_of_the_connection(tmp_path: Path) -> None:
    output, _ = finish(start(IMPORT, tmp_path / "db.sqlite3"))
    assert output.splitlines() == [LIBRARY.sqlite_version] * 4


@pytest.mark.django_db
def test_the_connection_uses_the_chosen_library() -> None:
    with connection.cursor() as cursor:
        assert version_of(cursor) == LIBRARY.sqlite_version
