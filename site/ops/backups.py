"""Backups: a tar of people's files, the database, and at its end what it was made by."""

import json
import os
import subprocess
import tarfile
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from sqlite.library import LIBRARY

# What a full disk, a damaged archive or a database in trouble raise.
FAILURES = (
    *(OSError, subprocess.CalledProcessError, tarfile.TarError, LookupError, ValueError),
    *(SuspiciousFileOperation, Error, LIBRARY.Error),
)


def write(path: Path) -> None:
    """Write a backup while others write.

    Files of images stay for a day after their rows, so those of the dump are there after it.
    Photos go as soon as they are replaced; those of the dump were there before it.
    """
    database, about = path.with_name("database"), path.with_name("about.json")
    applied = sorted(map(".".join, MigrationLoader(connection).applied_migrations))
    about.write_text(json.dumps({"vendor": connection.vendor, "migrations": applied}))
    with path.open("xb") as file:
        # Restoring skips links, and a renamed file has two names for a day.
        with tarfile.open(fileobj=file, mode="w", dereference=True) as tar:
            _add_media(tar)
            _dump(database)
            _add_media(tar)
            # An archive that was cut short lacks the last.
            for member in (database, about):
                tar.add(member, member.name)
        file.flush()
        os.fsync(file.fileno())


def restore(tar: tarfile.TarFile, folder: Path) -> None:
    """Add the files and then load the database, which until its end leaves what was."""
    tar.extract("about.json", folder, filter="data")
    about = json.loads((folder / "about.json").read_text())
    if about["vendor"] != connection.vendor:
        raise CommandError(f"This is a backup of {about['vendor']}, not of {connection.vendor}.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    if newer := sorted({*about["migrations"]} - known):
        raise CommandError(f"This is a backup of a newer Magpie, which has {newer[0]}.")
    tar.extract("database", folder, filter="data")
    for member in tar:
        name = member.name.removeprefix("media/")
        if name == member.name or not member.isreg():
            continue
        if not default_storage.exists(name) or default_storage.size(name) != member.size:
            default_storage.save(name, File(tar.extractfile(member)))
    _load(folder / "database")


def _add_media(tar: tarfile.TarFile) -> None:
    """Add the files that it lacks, but for hidden ones, which are still being written."""
    root, names = Path(settings.MEDIA_ROOT), {*tar.getnames()}
    for folder, _, files in root.walk(follow_symlinks=True):
        for path in (folder / file for file in files if not file.startswith(".")):
            name = f"media/{path.relative_to(root)}"
            # A photo may be replaced at this moment.
            with suppress(FileNotFoundError):
                if name not in names and path.is_file():
                    tar.add(path, name)


def _dump(path: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_dump", "--no-owner", "--no-acl", f"--file={path}")
        return
    connection.ensure_connection()
    with closing(LIBRARY.connect(path)) as copy:
        connection.connection.backup(copy)
        # Else it would come with a second file.
        copy.execute("PRAGMA journal_mode=DELETE")
        (fault,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if fault != "ok":
        raise CommandError(f"The database is damaged: {fault}.")


def _load(path: Path) -> None:
    """Put what was dumped in the place of the database, in one transaction."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(LIBRARY.connect(path)) as copy:
            copy.backup(connection.connection)
    else:
        # Also those that the dump does not know.
        tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
        drop = [f"--command=DROP TABLE {tables} CASCADE"] if tables else []
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        connection.close()
        _run("psql", *options, "--command=SET lock_timeout = '20s'", *drop, f"--file={path}")
    connection.close()


def _run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs, which gets the password by its environment."""
    client, config = connection.client, connection.settings_dict
    (_, *words), secrets = client.settings_to_cmd_args_env(config, list(options))
    environment = os.environ | (secrets or {})
    subprocess.run([program, *words], env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
