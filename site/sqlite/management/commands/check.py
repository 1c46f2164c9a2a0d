from contextlib import suppress
from typing import Any

from django.core.management.commands import check
from django.db import OperationalError, connection

from sqlite.library import LIBRARY


class Command(check.Command):
    """Also name the version of SQLite, and migrations that are not applied."""

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "sqlite":
            self.stdout.write(f"{connection.display_name} {LIBRARY.sqlite_version}")
        super().handle(*args, **options)
        if not options["deploy"]:
            # If the database cannot be reached, other commands say so.
            with suppress(OperationalError):
                self.check_migrations()
