import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from ops import archive, audit
from ops.databases import database, file_names
from ops.media import files, is_of, make_folder, root, workshop
from sqlite.library import LIBRARY


class Command(BaseCommand):
    help = "Put what `backup` wrote in the place of the database and people's files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to read")
        parser.add_argument(
            "--replace", action="store_true", help="although there are people already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        try:
            manifest = archive.verify(file, root())
            refuse_strange(manifest)
            if not options["replace"] and has_people():
                raise CommandError("There are people already. To lose them, say --replace.")
            restore(file)
        except (OSError, LIBRARY.Error, Error) as error:
            raise CommandError(f"The restore failed: {error}") from error
        call_command("migrate", verbosity=0)
        # Some may have been in the making.
        for fault in audit.missing_thumbnails():
            fault.mended()
        rows, number = sum(manifest.counts.values()), len(manifest.sha256) - 1
        self.stdout.write(f"Restored {rows} rows and {number} files of {manifest.created}.")


def refuse_strange(manifest: archive.Manifest) -> None:
    """Refuse what this database or this Magpie cannot read."""
    if manifest.vendor != connection.vendor:
        raise CommandError(f"This is a backup of {manifest.vendor}, not of {connection.vendor}.")
    if database().MEMBER not in manifest.sha256:
        raise CommandError("There is no database in this archive.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    if newer := sorted({*manifest.migrations} - known):
        raise CommandError(f"This is a backup of a newer Magpie, which has {newer[0]}.")


def has_people() -> bool:
    tables = connection.introspection.table_names()
    return User._meta.db_table in tables and User.objects.exists()


def restore(file: Path) -> None:
    """Unpack an archive and put it in place; whatever fails before the end leaves what was."""
    used = database()
    with used.frozen() as reader:
        old = file_names(reader)
    with workshop() as folder:
        archive.unpack(file, folder)
        media = folder / archive.MEDIA
        media.mkdir(exist_ok=True)
        for name in files(media):
            (media / name).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        with added(media):
            used.load(folder / used.MEMBER)
        ContentType.objects.clear_cache()
        # From here on, what was is of no use any more.
        kept = set(files(media))
        for name in kept:
            (media / name).replace(root() / name)
        for name in set(files(root())) - kept:
            if is_of(name, old):
                (root() / name).unlink()


@contextmanager
def added(media: Path) -> Iterator[None]:
    """Add files to those that are there, before the rows that name them; fails together."""
    new = [name for name in files(media) if not (root() / name).exists()]
    done: list[Path] = []
    try:
        for name in new:
            path = root() / name
            make_folder(path.parent)
            os.link(media / name, path)
            done.append(path)
        os.sync()
        yield
    except BaseException:
        for path in done:
            path.unlink()
        raise
