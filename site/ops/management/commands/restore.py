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
    """Return whether anybody would be lost; only a database that can be read tells."""
    try:
        tables = connection.introspection.table_names()
        return User._meta.db_table in tables and User.objects.exists()
    except OperationalError:
        # manage.py tells an outage from a bug.
        raise
    except DatabaseError as error:
        problem = f"The database is damaged: {error}. Move it out of the way and restore again."
        raise CommandError(problem) from error


class Command(BaseCommand):
    help = "Put what `backup` wrote in the place of the database, and add its files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to read")
        parser.add_argument("--replace", action="store_true", help="lose the people there are")

    def handle(self, *args: Any, **options: Any) -> None:
        if has_people() and not options["replace"]:
            raise CommandError("There are people already. To lose them, say --replace.")
        try:
            with tarfile.open(options["file"]) as tar, TemporaryDirectory() as folder:
                restore(tar, Path(folder))
        except FAILURES as error:
            raise CommandError(f"Nothing is restored: {error}") from error
        ContentType.objects.clear_cache()
        call_command("migrate", verbosity=0)
        self.stdout.write("Restored. `manage.py audit` tells whether all files are there.")
