from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ops.audit import CHECKS, damage
from ops.media import workshop


class Command(BaseCommand):
    help = (
        "Find what is wrong in the database and between rows and files, and mend the latter. "
        "No counts are stored, as pages count rows; so none of them can drift."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what can be mended")

    def handle(self, *args: Any, **options: Any) -> None:
        with ExitStack() as stack:
            if options["fix"]:
                # A backup must not see half of it.
                stack.enter_context(workshop())
            left = self.look(options["fix"])
        if left:
            raise CommandError(f"Wrong: {left}.")

    def look(self, fix: bool) -> int:
        """Print a line for each kind of fault; returns how many faults are left."""
        self.stdout.write(f"{'':24}{'found':>8}{'mended':>8}")
        left = []
        for title, check in CHECKS.items():
            faults = list(check())
            open_ = [fault for fault in faults if not (fix and fault.mended())]
            self.stdout.write(f"{title:24}{len(faults):8}{len(faults) - len(open_):8}")
            left += [f"{title}: {fault.what}" for fault in open_]
            if check is damage and faults:
                # Rows may be lost, and no file may be deleted because its row is.
                break
        for line in left:
            self.stdout.write(line)
        return len(left)
