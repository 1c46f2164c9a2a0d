from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from ops.integrity import damage
from web.audit import CHECKS, Fault

# Faults of one kind that are printed, unless all are asked for.
FEW = 10


class Command(BaseCommand):
    help = (
        "Find damage to the database, rows without files, missing thumbnails and wrong counts, and "
        "fix what can be fixed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="fix what can be fixed")
        parser.add_argument("--all", action="store_true", help="print all faults that are left")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("audit")
        self.stdout.write(f"{'':24}{'found':>8}{'fixed':>8}")
        title = "database damage"
        left = {title: self.report(title, [*map(Fault, damage())], fix=False)}
        # A damaged database may lack rows, so nothing may be deleted because a row is missing.
        if not left[title]:
            for title, check in CHECKS.items():
                left[title] = self.report(title, list(check()), options["fix"])
        for title, faults in left.items():
            self.print(title, faults, len(faults) if options["all"] else FEW)
        if number := sum(map(len, left.values())):
            raise CommandError(f"Faults that are not fixed: {number:,}.")

    def report(self, title: str, faults: list[Fault], fix: bool) -> list[Fault]:
        """Print the number of faults of one kind, and return those that are left."""
        left = [fault for fault in faults if not (fix and fault.fixed())]
        self.stdout.write(f"{title:24}{len(faults):8}{len(faults) - len(left):8}")
        return left

    def print(self, title: str, faults: list[Fault], limit: int) -> None:
        """Print the first faults of one kind, and the number of the others."""
        for fault in faults[:limit]:
            self.stdout.write(f"{title}: {fault.what}")
        if len(faults) > limit:
            self.stdout.write(f"{title}: {len(faults) - limit:,} more; see them with --all")
