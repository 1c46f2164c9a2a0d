"""The checks of `manage.py audit`. Each app registers its own in a module named `audit`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import Error
from easy_thumbnails.exceptions import EasyThumbnailsError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and what fixes it, if anything does."""

    what: str
    fix: Callable[[], object] | None = None

    def fixed(self) -> bool:
        """Fix it, and return whether that worked."""
        try:
            return bool(self.fix and self.fix())
        except (EasyThumbnailsError, Error, OSError, ValidationError):
            return False


type Check = Callable[[], Iterator[Fault]]

CHECKS: dict[str, Check] = {}


def check(title: str) -> Callable[[Check], Check]:
    """Register a function that finds faults of one kind."""

    def register(function: Check) -> Check:
        CHECKS[title] = function
        return function

    return register
