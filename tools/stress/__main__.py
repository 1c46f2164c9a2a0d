"""Run the stress tests named as arguments, on a temporary site."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from tools.servers.database import is_postgres, temporary_database


def database(folder: str) -> AbstractContextManager[str]:
    """Create a database, on the server of DATABASE_URL or with SQLite, and yield its URL."""
    url = os.environ.get("DATABASE_URL", "")
    if is_postgres(url):
        return temporary_database(url, f"magpie_stress_{os.getpid()}")
    return nullcontext(f"sqlite:///{folder}/db.sqlite3")


def main() -> None:
    """Set up the site with demo people and images, and run the tests."""
    # Print each line at once, also into a pipe.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    # On SIGTERM, stop the site, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory() as folder, database(folder) as url:
        os.environ |= {"MEDIA_ROOT": str(Path(folder, "media"))}
        os.environ |= {"SLOTS_ROOT": str(Path(folder, "slots"))}
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        # All requests come from one IP address, so they would exceed the rate limits.
        mails = Path(folder, "mails")
        os.environ |= {"TASKS": "database", "EMAIL_URL": f"filemail:///{mails}"}
        os.environ |= {"DEBUG": "0", "CACHE_URL": "dummycache://", "FOLDER": folder}
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("demo", people=20, images=20, verbosity=0)
        for name in sys.argv[1:]:
            import_module(f"tools.stress.{name}").main()


if __name__ == "__main__":
    main()
