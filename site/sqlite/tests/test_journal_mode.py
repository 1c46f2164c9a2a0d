"""A database is in WAL mode only if the library is safe in that mode."""

from pathlib import Path

import pytest

from sqlite.library import LIBRARY, has_wal_reset_bug
from sqlite.tests.processes import AFFECTED, finish, start

READ = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode")
    print(*cursor.fetchone())
    cursor.execute("SELECT * FROM note")
    print(cursor.fetchall())
"""
ROWS = [("checkpointed",), ("in the log",)]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database in WAL mode, as a killed server leaves it."""
    file, copy = tmp_path / "running.sqlite3", tmp_path / "db.sqlite3"
    connection = LIBRARY.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE note (text)")
    connection.execute("INSERT INTO note VALUES ('checkpointed')")
    connection.execute("PRAGMA wal_checkpoint")
    connection.execute("INSERT INTO note VALUES ('in the log')")
    # Closing it would write the log into the database.
    for end in ("", "-wal"):
        Path(f"{copy}{end}").write_bytes(Path(f"{file}{end}").read_bytes())
    connection.close()
    return copy


def test_a_library_with_the_bug_takes_a_database_out_of_wal_mode(database: Path) -> None:
    output, _ = finish(start(AFFECTED + READ, database))
    assert output.splitlines() == ["delete", str(ROWS)]
    assert [path.name for path in database.parent.glob("db*")] == ["db.sqlite3"]


@pytest.mark.skipif(has_wal_reset_bug(LIBRARY), reason="there is no library without the bug")
def test_a_library_without_the_bug_puts_a_database_in_wal_mode(database: Path) -> None:
    assert finish(start(READ, database))[0].splitlines() == ["wal", str(ROWS)]
    finish(start(AFFECTED + READ, database))
    assert finish(start(READ, database))[0].splitlines() == ["wal", str(ROWS)]
