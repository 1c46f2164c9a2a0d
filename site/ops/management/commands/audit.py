from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from ops.integrity import damage
from web.audit import CHECKS, Fault


class Command(BaseCommand):
    help = (
        "Find damage to the database, rows without files, missing thumbnails and wrong counts, and "
        "fix what can be fixed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="fix what can be fixed")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("audit")
        self.stdout.write(f"{'':24}{'found':>8}{'fixed':>8}")
        left = self.report("database damage", [*map(Fault, damage())], fix=False)
        # A damaged database may lack rows, so nothing may be deleted because a row is missing.
        if not left:
            for title, check in CHECKS.items():
                left += self.report(title, list(check()), options["fix"])
        for line in left:
            self.stdout.write(line)
        if left:
            raise CommandError(f"Faults that are not fixed: {len(left)}.")

    def report(self, title: str, faults: list[Fault], fix: bool) -> list[str]:
        """Print the number of faults of one kind, and return those that are left."""
        left = [fault for fault in faults if not (fix and fault.fixed())]
        self.stdout.write(f"{title:24}{len(faults):8}{len(faults) - len(left):8}")
        return [f"{title}: {fault.what}" for fault in left]
