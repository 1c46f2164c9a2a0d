"""Start processes of the site with their own SQLite database and library."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# Pretend that Python's own library has the bug, and that there is no wheel.
AFFECTED = """
import sqlite3, sys
sys.modules["pysqlite3"] = None
for library in (sqlite3, sqlite3.dbapi2):
    library.sqlite_version, library.sqlite_version_info = "3.46.1", (3, 46, 1)
"""
MANAGE = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def start(code: str, database: Path, *args: str) -> subprocess.Popen[str]:
    """Start Python with this code, which may use the site's apps."""
    folders = [str(settings.BASE_DIR), str(settings.BASE_DIR / "site")]
    environment = {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(folders),
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, *args],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait until a process has succeeded, and return its output and its errors."""
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return output, errors
