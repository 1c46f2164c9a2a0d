#!/usr/bin/env python
"""Run Django's commands for Magpie."""

import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    # `site` is also a module of the standard library, so the folder is not a package but a path.
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["test"]:
        sys.exit("Run the tests with pytest: .venv/bin/pytest, or make test for all of them.")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError

        from web.outages import explanation
    except ModuleNotFoundError as error:
        sys.exit(f"{error}. Run `make install`, then use .venv/bin/python.")
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        if sentence := explanation(error):
            sys.exit(sentence)
        raise


if __name__ == "__main__":
    main()
