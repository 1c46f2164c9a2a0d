"""What `python -m tools.bench` runs for each database: fill it if it is empty, and measure."""

import sys
from importlib import import_module

from django.db import connection

from tools.bench.prepare import prepare
from tools.bench.town import Town


def main(scale: str, *parts: str) -> None:
    prepare(Town(float(scale)))
    version = ".".join(str(part) for part in connection.get_database_version())
    print(f"## {connection.display_name} {version}\n")
    for part in parts:
        import_module(f"tools.bench.{part}").measure()


if __name__ == "__main__":
    main(*sys.argv[1:])
