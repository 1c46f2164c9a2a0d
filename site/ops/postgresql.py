"""PostgreSQL, dumped and loaded by its own programs."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import OperationalError, connection, transaction

MEMBER = "database.pgdump"
# How many seconds others may go on writing before a backup or a restore gives up.
PATIENCE = 20
# A restore drops more than the tables that the dump knows, so that none of a newer Magpie stays.
DROP_TABLES = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DROP TABLE public.%I CASCADE', name);
        END LOOP;
    END $$
"""


@contextmanager
def writers_kept_out(tables: list[str]) -> Iterator[None]:
    """Let nobody write to the tables inside the block; reading goes on."""
    end = time.monotonic() + PATIENCE
    with transaction.atomic():
        while not lock(tables):
            if time.monotonic() > end:
                raise CommandError("Somebody is writing to the database all the time.")
            time.sleep(0.2)
        yield


def lock(tables: list[str]) -> bool:
    """Lock the tables against writers, unless these would have to wait for long."""
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Shorter than the second after which PostgreSQL would end one of two that wait for
            # each other, which could be a person's.
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
    except OperationalError:
        return False
    return True


@contextmanager
def frozen() -> Iterator[Any]:
    """Yield a connection that goes on seeing what was there when the block began."""
    own = connection.copy()
    own.connect()
    try:
        own.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # It is the first look that takes the moment.
        own.connection.execute("SELECT 1")
        yield own.connection
    finally:
        own.connection.execute("ROLLBACK")
        own.close()


def dump(reader: Any, path: Path) -> None:
    """Write what the reader sees to `path`; it is compressed."""
    (moment,) = reader.execute("SELECT pg_export_snapshot()").fetchone()
    options = ["--format=custom", "--no-owner", "--no-acl"]
    run("pg_dump", *options, f"--snapshot={moment}", f"--file={path}", *server())


def load(path: Path) -> None:
    """Put what was dumped in the place of what is there, in one transaction."""
    script = path.with_suffix(".sql")
    # A pipe that broke would look like the end of the script.
    run("pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(path))
    connection.close()
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    commands = [f"--command=SET lock_timeout = '{PATIENCE}s'", f"--command={DROP_TABLES}"]
    run("psql", *options, *commands, f"--file={script}", *server())


def damage() -> Iterator[str]:
    """Yield nothing: PostgreSQL's own check, amcheck, is an extension for its administrators."""
    yield from ()


def server() -> list[str]:
    arguments, _ = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return list(arguments[1:])


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, which gets the password by its environment."""
    _, secrets = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    environment = os.environ | (secrets or {}) | {"LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603
        [program(name), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"{name} failed: {done.stderr.strip()}")


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, of the newest version that is there."""
    found = {
        int(path.parts[-3]): str(path)
        for path in Path("/usr/lib/postgresql").glob(f"[0-9]*/bin/{name}")
    }
    path = found[max(found)] if found else shutil.which(name)
    if not path:
        raise CommandError(f"{name} is missing: install PostgreSQL's client programs.")
    return path
