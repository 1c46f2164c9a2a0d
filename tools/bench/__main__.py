"""Measure decoding and the feed, and print the figures.

The feed is measured on SQLite, and also on PostgreSQL if DATABASE_URL names a server. SCALE is the
number of actions in millions. The data are made once and kept: for SQLite under var/bench/, for
PostgreSQL in a separate database on that server.
"""

import os
import platform
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from tools.servers.database import create_database, is_postgres

ROOT = Path(__file__).parents[2]


def main() -> None:
    scale = float(os.environ.get("SCALE", "1"))
    actions = round(scale * 1_000_000)
    print(f"# {actions:,} actions\n")
    print(f"{machine()}\n", flush=True)
    sys.path.append(str(ROOT / "site"))
    import_module("tools.bench.decoder").measure()
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    urls = [f"sqlite:///{folder}/{actions}.sqlite3"]
    named = os.environ.get("DATABASE_URL", "")
    if is_postgres(named):
        urls.append(create_database(named, f"magpie_bench_{actions}"))
    for url in urls:
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        }
        command = [sys.executable, "-m", "tools.bench.measure", str(actions)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)


def machine() -> str:
    """Describe the machine: processor, cores, memory, Python."""
    processor = platform.processor() or platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {python}"


if __name__ == "__main__":
    main()
