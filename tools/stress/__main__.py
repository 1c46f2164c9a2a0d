"""Run the trials that are named, on a site of their own that is gone afterwards."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from tools.servers.database import is_postgres, scratch


def database(folder: str) -> AbstractContextManager[str]:
    """Return what yields the URL of a new database: beside that of DATABASE_URL, or on SQLite."""
    named = os.environ.get("DATABASE_URL", "")
    if is_postgres(named):
        return scratch(named, f"magpie_trial_{os.getpid()}")
    return nullcontext(f"sqlite:///{folder}/db.sqlite3")


def main() -> None:
    """Make the site, with demo people and images, and run the trials."""
    # What the trial says comes in the order in which it happens.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    # The site goes too, as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory() as folder, database(folder) as url:
        os.environ |= {"MEDIA_ROOT": str(Path(folder, "media"))}
        os.environ |= {"SLOTS_ROOT": str(Path(folder, "slots"))}
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        # All requests come from one address, which must not be slowed down for it.
        os.environ |= {"DEBUG": "0", "CACHE_URL": "dummycache://", "FOLDER": folder}
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("demo", people=20, images=20, verbosity=0)
        for trial in sys.argv[1:]:
            import_module(f"tools.stress.{trial}").main()


if __name__ == "__main__":
    main()
