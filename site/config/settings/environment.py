"""Read settings from the environment, and name the one that has a wrong value.

An empty value counts as not set.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# The default of each setting by its name, as docs/settings.md shows it.
DEFAULTS: dict[str, str] = {}

FLAGS = dict.fromkeys(("1", "true", "yes", "y", "on"), True)
FLAGS |= dict.fromkeys(("0", "false", "no", "n", "off"), False)
HIGHEST = 1_000_000


def wrong(name: str, expected: str, value: str = "") -> ImproperlyConfigured:
    """Return the error to raise. Leave out a `value` that may hold a password."""
    return ImproperlyConfigured(f"{name} must be {expected}{f', not {value!r}' if value else ''}.")


def text(name: str, default: str = "") -> str:
    DEFAULTS[name] = default
    return os.environ.get(name, "").strip() or default


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return the parts of a value that are separated by commas."""
    return [word.strip() for word in text(name, ",".join(default)).split(",") if word.strip()]


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "on" if default else "off")
    if value.lower() not in FLAGS:
        raise wrong(name, "1 or 0", value)
    return FLAGS[value.lower()]


def number(name: str, default: int, *, lowest: int = 1) -> int:
    value = text(name, str(default))
    if not re.fullmatch("[0-9]{1,7}", value) or not lowest <= int(value) <= HIGHEST:
        raise wrong(name, f"a whole number from {lowest} to {HIGHEST}", value)
    return int(value)


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    value = text(name, default)
    if value not in choices:
        raise wrong(name, " or ".join(choices), value)
    return value


def make_folder(name: str, path: Path, mode: int = 0o777) -> None:
    """Make a folder that Magpie needs in order to start."""
    try:
        path.mkdir(mode=mode, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: the folder {path} cannot be made ({error.strerror})."
        ) from error
