import tarfile
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

from ops.backups import FAILURES, restore


def has_people() -> bool:
    """Return whether the site has people. Raise CommandError if the database is damaged."""
    try:
        tables = connection.introspection.table_names()
        return User._meta.db_table in tables and User.objects.exists()
    except OperationalError:
        # manage.py explains outages.
        raise
    except DatabaseError as error:
        problem = f"The database is damaged: {error}. Move it out of the way and restore again."
        raise CommandError(problem) from error


class Command(BaseCommand):
    help = "Replace the database with the one in a backup, and add the backup's files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to read")
        parser.add_argument("--replace", action="store_true", help="delete all existing people")

    def handle(self, *args: Any, **options: Any) -> None:
        if has_people() and not options["replace"]:
            raise CommandError("This site already has people. Use --replace to delete them.")
        try:
            with tarfile.open(options["file"]) as tar, TemporaryDirectory() as folder:
                restore(tar, Path(folder))
        except FAILURES as error:
            raise CommandError(f"The restore failed: {error}") from error
        ContentType.objects.clear_cache()
        call_command("migrate", verbosity=0)
        self.stdout.write("Restored. Run `manage.py audit` to check that no file is missing.")
