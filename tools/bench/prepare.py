"""Set up Django, and fill the database with the town unless it is there."""

import sys
from importlib import import_module
from time import perf_counter

from django.core.management import call_command
from django.db import connection

from tools.bench.town import Town


def prepare(town: Town) -> None:
    # The application as a server loads it. Models can be imported only after it.
    import_module("config.wsgi")
    from tools.bench import data, tutorial

    call_command("migrate", verbosity=0)
    # The last table that is made. Without it, the data may be incomplete.
    if tutorial.TutorialAction._meta.db_table not in connection.introspection.table_names():
        begin = perf_counter()
        call_command("flush", interactive=False, verbosity=0)
        data.fill(town)
        tutorial.make_table()
        seconds = perf_counter() - begin
        print(f"Made a town of {town.people:,} people in {seconds:.0f} s.", file=sys.stderr)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # PostgreSQL's autovacuum does so after a while.
            cursor.execute("VACUUM ANALYZE")
