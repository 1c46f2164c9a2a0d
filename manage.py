#!/usr/bin/env python
"""Run Django's commands for Magpie."""

import os
import sys
from pathlib import Path


def main() -> None:
    # `site` is also a module of the standard library, so the folder is no package but a path.
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
