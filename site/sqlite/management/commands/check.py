from typing import Any

from django.core.management.commands import check
from django.db import connection

from sqlite.library import LIBRARY


class Command(check.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "sqlite":
            self.stdout.write(f"{connection.display_name} {LIBRARY.sqlite_version}")
        super().handle(*args, **options)
