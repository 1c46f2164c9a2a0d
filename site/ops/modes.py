"""Repair the modes of files that an earlier version, or another umask, left readable by others.

New files get their modes when they are made, from the umask in the settings or from the storage.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

# Others may pass through `var/` to the media, but not list what is in it.
VAR_MODE = 0o711


def repair() -> None:
    """Make secret files private, and let the proxy's group read the media."""
    try:
        if mode(settings.VAR) != VAR_MODE:
            settings.VAR.chmod(VAR_MODE)
        for path in secrets():
            with suppress(FileNotFoundError):
                if mode(path) & 0o077:
                    path.chmod(0o700 if path.is_dir() else 0o600)
        with suppress(FileNotFoundError):
            share(Path(settings.MEDIA_ROOT))
    except OSError as error:
        # For example, a file belongs to another user.
        logger.warning("The modes of files cannot be repaired: %s", error)


def secrets() -> Iterator[Path]:
    """Yield the secret key, uploads, and the database with its write-ahead log if it is SQLite."""
    yield settings.VAR / "secret_key"
    yield settings.VAR / "uploads"
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        yield from (Path(name + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


def share(root: Path) -> None:
    """Give the folders and files in `root` the modes of new ones, and change `root` itself last.

    Its mode then shows that all others are right, and later starts skip them.
    """
    if mode(root) == settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS:
        return
    for folder, folders, names in os.walk(root):
        # Hidden ones are being written, or were left behind by a killed process.
        folders[:] = [name for name in folders if not name.startswith(".")]
        new = dict.fromkeys(folders, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        new |= dict.fromkeys(names, settings.FILE_UPLOAD_PERMISSIONS)
        for name, wanted in new.items():
            path = Path(folder, name)
            if not (name.startswith(".") or path.is_symlink()):
                with suppress(FileNotFoundError):
                    path.chmod(wanted)
    root.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777
