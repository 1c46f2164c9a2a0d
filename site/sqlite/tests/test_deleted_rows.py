"""Nothing of a deleted row stays in the database file."""

from pathlib import Path

from sqlite.tests.processes import finish, start

DELETE = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE note (text)")
    cursor.execute("INSERT INTO note VALUES ('a secret'), ('another')")
    cursor.execute("DELETE FROM note WHERE text = 'a secret'")
"""


def test_a_deleted_row_is_overwritten(tmp_path: Path) -> None:
    database = tmp_path / "db.sqlite3"
    finish(start(DELETE, database))
    assert b"another" in database.read_bytes()
    assert b"a secret" not in database.read_bytes()
