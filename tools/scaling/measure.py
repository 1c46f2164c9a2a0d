"""What `python -m tools.scaling` runs with a database, a Redis and a folder of its own."""

from importlib import import_module

from django.db import connection

from tools.bench.__main__ import machine
from tools.scaling import community, report
from tools.scaling.costs import Costs


def measured() -> Costs:
    """Make the community, and measure what it costs."""
    community.make()
    # They import models, which only the application can load.
    counts, files, meters, requests, statements, tables = (
        import_module(f"tools.scaling.{name}")
        for name in ("counts", "files", "meter", "requests", "statements", "tables")
    )
    sizes = tables.touched(tables.sizes())
    meter = meters.Meter()
    pages, acts = requests.pages(meter), requests.acts(meter)
    feed, picture = statements.statements_of_feed(), files.stored_picture()
    return Costs(pages, acts, sizes, feed, picture, counts.cost_of_count())


def main() -> None:
    costs = measured()
    version = ".".join(map(str, connection.get_database_version()))
    print(f"{machine()}, {connection.display_name} {version}\n")
    report.print_all(costs)


if __name__ == "__main__":
    main()
