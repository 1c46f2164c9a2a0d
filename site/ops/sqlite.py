"""SQLite, dumped and loaded by its online backup."""

import gzip
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

from sqlite.library import LIBRARY

MEMBER = "database.sqlite3.gz"
# How many seconds others may go on writing before a backup or a restore gives up.
PATIENCE = 20


@contextmanager
def writers_kept_out(tables: list[str]) -> Iterator[None]:
    """Let nobody write inside the block; a transaction takes the only write lock at its start."""
    with transaction.atomic():
        yield


@contextmanager
def frozen() -> Iterator[Any]:
    """Yield a connection that goes on seeing what was there when the block began."""
    name = connection.settings_dict["NAME"]
    with closing(LIBRARY.connect(name, timeout=PATIENCE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        # It is the first look that takes the moment.
        reader.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        yield reader


def dump(reader: Any, path: Path) -> None:
    """Write what the reader sees to `path`, compressed."""
    copy = path.with_suffix("")
    with closing(LIBRARY.connect(copy, isolation_level=None)) as target:
        reader.backup(target)
        # Else it would come with a second file.
        target.execute("PRAGMA journal_mode=DELETE")
        (complaint,) = target.execute("PRAGMA quick_check(1)").fetchone()
    if complaint != "ok":
        raise CommandError(f"The database is damaged: {complaint}.")
    with copy.open("rb") as plain, gzip.open(path, "wb", 6) as packed:
        shutil.copyfileobj(plain, packed)
    copy.unlink()


def load(path: Path) -> None:
    """Put what was dumped in the place of what is there, in one transaction."""
    copy = path.with_suffix("")
    with gzip.open(path) as packed, copy.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    connection.close()
    name = connection.settings_dict["NAME"]
    with (
        closing(LIBRARY.connect(copy)) as source,
        closing(LIBRARY.connect(name, timeout=1)) as target,
    ):
        source.backup(target, progress=give_up_in_time(), sleep=0.1)


def damage() -> Iterator[str]:
    """Yield what SQLite's own checks complain of, if the file can be read at all."""
    try:
        with connection.cursor() as cursor:
            for check in ("integrity_check", "foreign_key_check"):
                cursor.execute(f"PRAGMA {check}")
                rows = [row for row in cursor.fetchall() if row != ("ok",)]
                yield from (f"{check}: {', '.join(map(str, row))}" for row in rows)
    except DatabaseError as error:
        yield str(error)


def give_up_in_time() -> Callable[[int, int, int], None]:
    """Return what ends a backup that has to wait for too long."""
    end = time.monotonic() + PATIENCE

    def check(status: int, remaining: int, total: int) -> None:
        if status != LIBRARY.SQLITE_DONE and time.monotonic() > end:
            raise CommandError("Somebody is writing to the database all the time.")

    return check
