"""Processes that write and checkpoint at the same time do not damage the database."""

from pathlib import Path

import pytest

from sqlite.library import LIBRARY
from sqlite.tests.processes import AFFECTED, finish, start

PROCESSES, ROWS = 4, 100
CREATE = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE note (writer, number, text)")
"""
WRITE = f"""
import sys
import django
django.setup()
from django.db import connection, transaction
with connection.cursor() as cursor:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range({ROWS}):
        with transaction.atomic():
            cursor.execute("SELECT COUNT(*) FROM note")
            cursor.execute("INSERT INTO note VALUES (%s, %s, %s)", [sys.argv[1], number, "x" * 999])
        if number % 10 == 0:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
"""


@pytest.mark.parametrize("library", ["", AFFECTED], ids=["chosen", "affected"])
def test_no_row_is_lost_and_the_database_is_undamaged(tmp_path: Path, library: str) -> None:
    database = tmp_path / "db.sqlite3"
    finish(start(library + CREATE, database))
    processes = [start(library + WRITE, database, str(n)) for n in range(PROCESSES)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        finish(process)
    reader = LIBRARY.connect(database)
    assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    counts = reader.execute("SELECT writer, COUNT(DISTINCT number) FROM note GROUP BY writer")
    assert counts.fetchall() == [(str(n), ROWS) for n in range(PROCESSES)]
    reader.close()
