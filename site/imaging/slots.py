"""Slots that limit jobs across all processes of a machine, made of locked files.

The kernel frees a lock when its process ends, so no slot is ever lost. A process removes its file
when it frees the lock. If it is killed, the next process locks the file that it left.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings

FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.2


class NoSlotError(Exception):
    """No slot became free in time."""


@contextmanager
def locked(names: Iterable[str], deadline: float) -> Iterator[None]:
    """Lock one of these files inside the block; NoSlotError if none is free by the deadline."""
    path, descriptor = _lock_one([_folder() / name for name in names], deadline)
    try:
        yield
    finally:
        # Remove the file before unlocking it, or another process could lock a removed file.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _folder() -> Path:
    folder = Path(settings.SLOTS_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _lock_one(paths: list[Path], deadline: float) -> tuple[Path, int]:
    pause = FIRST_PAUSE
    while True:
        for path in paths:
            if (descriptor := _lock(path)) is not None:
                return path, descriptor
        if monotonic() >= deadline:
            raise NoSlotError
        sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _lock(path: Path) -> int | None:
    """Return a descriptor of the locked file, or None if another process holds the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with suppress(BlockingIOError, FileNotFoundError):
        flock(descriptor, LOCK_EX | LOCK_NB)
        # The previous holder may have removed this file, and another process created a new one.
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    os.close(descriptor)
    return None
