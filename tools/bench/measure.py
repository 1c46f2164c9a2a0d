"""Fill one database if it is empty, and measure it. tools.bench runs this for each database."""

import sys
from time import perf_counter

import django
from django.core.management import call_command
from django.db import connection


def main(actions: int) -> None:
    django.setup()
    from tools.bench import data, feed, server, tutorial

    call_command("migrate", verbosity=0)
    tables = connection.introspection.table_names()
    # This table is created last. Without it, the data may be incomplete.
    if tutorial.TutorialAction._meta.db_table not in tables:
        begin = perf_counter()
        call_command("flush", interactive=False, verbosity=0)
        data.fill(actions)
        tutorial.make_table()
        if connection.vendor == "postgresql":
            # Autovacuum would do this later.
            connection.cursor().execute("VACUUM ANALYZE")
        print(f"Made the data in {perf_counter() - begin:.0f} s.", file=sys.stderr)
    version = ".".join(str(part) for part in connection.get_database_version())
    print(f"## {connection.display_name} {version}\n")
    feed.measure()
    server.measure()


if __name__ == "__main__":
    main(int(sys.argv[1]))
