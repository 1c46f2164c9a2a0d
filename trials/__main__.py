"""Run one of the trials, on a site of its own that is gone afterwards."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command


@contextmanager
def database(folder: str) -> Iterator[str]:
    """Yield the URL of a new database: on the PostgreSQL of DATABASE_URL, or else on SQLite."""
    named = os.environ.get("DATABASE_URL", "")
    if not named.startswith("postgres"):
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    name = f"magpie_trial_{os.getpid()}"
    with psycopg.connect(named, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(named)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main() -> None:
    """Make the site, with demo people and images, and run the trial that is named."""
    # What the trial says comes in the order in which it happens.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    trial = f"trials.{sys.argv[1]}"
    with TemporaryDirectory() as folder, database(folder) as url:
        places = {"MEDIA_ROOT": "media", "STATIC_ROOT": "static"}
        os.environ |= {name: str(Path(folder, place)) for name, place in places.items()}
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        # All requests come from one address, which must not be slowed down for it.
        os.environ |= {"DEBUG": "0", "CACHE_URL": "dummycache://", "FOLDER": folder}
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo", people=20, images=20, verbosity=0)
        import_module(trial).main()


if __name__ == "__main__":
    main()
