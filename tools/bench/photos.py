"""What it costs to preview and to save photos, on a site with a database and files of its own."""

import subprocess
import sys
from importlib import import_module
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from tools.bench.databases import ROOT, environment

# Of 12, 48 and 200 megapixels.
SIZES = [(4000, 3000), (8064, 6048), (16320, 12240)]


def measure() -> None:
    """Print a table of photos."""
    with TemporaryDirectory() as folder:
        changes = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "MEDIA_ROOT": folder}
        command = [sys.executable, "-m", "tools.bench.photos"]
        subprocess.run(command, env=environment(**changes), cwd=ROOT, check=True)


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    import_module("tools.bench.photo_costs").print_photos(*SIZES)


if __name__ == "__main__":
    main()
