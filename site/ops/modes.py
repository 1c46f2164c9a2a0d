"""Repair the modes of files that an earlier version, or another umask, left readable by others.

New files get theirs when they are made: by the umask in the settings, and media by their storage.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

# Others may pass through `var/` to the media, whose mode then decides, and list nothing.
VAR_MODE = 0o711


def repair() -> None:
    """Close what is secret, and open the media to the proxy's group."""
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
        # Such as one of another owner, who has to start Magpie.
        logger.warning("The modes of files cannot be repaired: %s", error)


def secrets() -> Iterator[Path]:
    """Yield the secret key, uploads, and the database with its write-ahead log if it is SQLite."""
    yield settings.VAR / "secret_key"
    yield settings.VAR / "uploads"
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        yield from (Path(name + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


def share(root: Path) -> None:
    """Give the folders and files of media the modes of new ones; the root comes last.

    So the root's mode says that the others have theirs, and no start looks at them again.
    """
    if mode(root) == settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS:
        return
    for folder, folders, names in os.walk(root):
        # Hidden ones are at work, or left of what was killed.
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
