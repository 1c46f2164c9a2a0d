"""The checks of `manage.py audit`. Each app registers its own in a module named `audit`."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import Error, models


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and what fixes it, if anything does."""

    what: str
    fix: Callable[[], object] | None = None

    def fixed(self) -> bool:
        """Fix it, and return whether that worked."""
        try:
            return bool(self.fix and self.fix())
        except (Error, OSError, ValidationError):
            return False


def each[M: models.Model](rows: models.QuerySet[M]) -> Iterator[M]:
    """Yield rows by their keys. On a terminal, print how many were read."""
    is_shown = sys.stderr.isatty()
    for number, row in enumerate(rows.order_by("pk").iterator(), start=1):
        if is_shown and number % 1000 == 0:
            sys.stderr.write(f"\r{rows.model._meta.verbose_name_plural}: {number:,}")
        yield row
    if is_shown:
        # Clear the line.
        sys.stderr.write("\r\x1b[K")


type Check = Callable[[], Iterator[Fault]]

CHECKS: dict[str, Check] = {}


def check(title: str) -> Callable[[Check], Check]:
    """Register a function that finds faults of one kind."""

    def register(function: Check) -> Check:
        CHECKS[title] = function
        return function

    return register
