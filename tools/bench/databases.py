"""The databases of the benchmark, and the environment for processes that use them."""

import os
from collections.abc import Mapping
from pathlib import Path

from tools.bench.town import Town
from tools.servers.database import create_database, is_postgres

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var" / "bench"


def environments(town: Town) -> dict[str, Mapping[str, str]]:
    """Return the environments for a town on SQLite, and on PostgreSQL if DATABASE_URL names one.

    The data are made once and kept: on SQLite under var/bench/, on PostgreSQL in a database of its
    own beside the one that is named.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    urls = {"sqlite": f"sqlite:///{FOLDER}/{town.name}.sqlite3"}
    named = os.environ.get("DATABASE_URL", "")
    if is_postgres(named):
        urls["postgresql"] = create_database(named, f"magpie_bench_{town.name}")
    return {vendor: environment(DATABASE_URL=url) for vendor, url in urls.items()}


def environment(**changes: str) -> Mapping[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    settings = {"DJANGO_SETTINGS_MODULE": "tools.bench.settings", "PYTHONPATH": paths, "DEBUG": "0"}
    return os.environ | settings | changes
