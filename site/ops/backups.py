"""Backups: a tar archive of the uploads, the database, and last a description of the backup."""

import json
import os
import subprocess
import tarfile
from contextlib import closing, suppress
from pathlib import Path

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from sqlite.library import LIBRARY

# The errors of a full disk, a damaged archive or a failing database.
FAILURES = (
    *(OSError, subprocess.CalledProcessError, tarfile.TarError, LookupError, ValueError),
    *(SuspiciousOperation, Error, LIBRARY.Error),
)


def write(path: Path) -> None:
    """Write a backup while people use the site.

    Uploads are added before and after the dump. The file of an image stays for a day after its row
    is deleted, so it is still there after the dump. A photo is deleted as soon as it is replaced,
    so it is added before the dump.
    """
    database, about = path.with_name("database"), path.with_name("about.json")
    applied = sorted(map(".".join, MigrationLoader(connection).applied_migrations))
    about.write_text(json.dumps({"vendor": connection.vendor, "migrations": applied}))
    with path.open("xb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            _add_media(tar)
            _dump(database)
            _add_media(tar)
            # An archive that was cut short lacks the last member.
            for member in (database, about):
                tar.add(member, member.name)
        file.flush()
        os.fsync(file.fileno())


def restore(tar: tarfile.TarFile, folder: Path) -> None:
    """Add the files, then replace the database in one transaction."""
    tar.extract("about.json", folder, filter="data")
    about = json.loads((folder / "about.json").read_text())
    if about["vendor"] != connection.vendor:
        raise CommandError(f"This is a backup of {about['vendor']}, not of {connection.vendor}.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    if newer := sorted({*about["migrations"]} - known):
        raise CommandError(f"This backup needs a newer version of Magpie, with {newer[0]}.")
    tar.extract("database", folder, filter="data")
    for member in tar:
        name = member.name.removeprefix("media/")
        if name == member.name or not member.isreg():
            continue
        if size_of(name) != member.size:
            default_storage.save(name, File(tar.extractfile(member)))
    _load(folder / "database")


def _add_media(tar: tarfile.TarFile) -> None:
    """Add the files that it lacks, except hidden ones, which are still being written."""
    names = {*tar.getnames()}
    for found in default_storage.files():  # type: ignore[attr-defined]
        member = tarfile.TarInfo(f"media/{found.name}")
        if member.name in names or Path(found.name).name.startswith("."):
            continue
        member.size, member.mtime = found.size, int(found.modified.timestamp())
        # A photo may be replaced at this moment.
        with suppress(FileNotFoundError), default_storage.open(found.name) as file:
            tar.addfile(member, file)
            names.add(member.name)


def size_of(name: str) -> int | None:
    """Return the size of a stored file, or None if there is none."""
    with suppress(FileNotFoundError):
        return default_storage.size(name)
    return None


def _dump(path: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_dump", "--no-owner", "--no-acl", f"--file={path}")
        return
    connection.ensure_connection()
    with closing(LIBRARY.connect(path)) as copy:
        connection.connection.backup(copy)
        # In WAL mode, the copy would consist of several files.
        copy.execute("PRAGMA journal_mode=DELETE")
        (fault,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if fault != "ok":
        raise CommandError(f"The database is damaged: {fault}.")


def _load(path: Path) -> None:
    """Replace the database with a dump, in one transaction."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(LIBRARY.connect(path)) as copy:
            copy.backup(connection.connection)
    else:
        # This includes tables that the dump does not have.
        tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
        drop = [f"--command=DROP TABLE {tables} CASCADE"] if tables else []
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        connection.close()
        _run("psql", *options, "--command=SET lock_timeout = '20s'", *drop, f"--file={path}")
    connection.close()


def _run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs, with the password in its environment."""
    client, config = connection.client, connection.settings_dict
    (_, *words), secrets = client.settings_to_cmd_args_env(config, list(options))
    environment = os.environ | (secrets or {})
    # With several hosts in DATABASE_URL, only one of them takes writes.
    if wanted := config["OPTIONS"].get("target_session_attrs"):
        environment["PGTARGETSESSIONATTRS"] = wanted
    subprocess.run([program, *words], env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
