"""Compare the table in docs/settings.md with the settings that Magpie reads."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = "docs/settings.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`(.*?)`|none) \|", re.MULTILINE)


def documented(text: str) -> dict[str, str]:
    """Return the defaults in the table, by setting name."""
    return dict(ROW.findall(text))


def existing() -> dict[str, str]:
    """Return the defaults of the settings package, with paths relative to the project's folder."""
    # Other defaults depend on SITE_URL.
    os.environ.pop("SITE_URL", None)
    import config.settings
    from config.settings.environment import DEFAULTS

    folder = f"{config.settings.BASE_DIR}/"
    return {name: default.replace(folder, "") for name, default in DEFAULTS.items()}


def problems(table: dict[str, str], settings: dict[str, str]) -> list[str]:
    """Return a sentence for each difference."""
    missing = [f"{PAGE} has no row for {name}." for name in settings.keys() - table.keys()]
    extra = [
        f"{PAGE} has a row for {name}, which Magpie does not read."
        for name in table.keys() - settings.keys()
    ]
    different = [
        f"{PAGE} says that the default of {name} is {table[name]!r}, but it is {settings[name]!r}."
        for name in table.keys() & settings.keys()
        if table[name] != settings[name]
    ]
    return sorted(missing + extra + different)


if __name__ == "__main__":
    sys.exit("\n".join(problems(documented((ROOT / PAGE).read_text()), existing())) or 0)
