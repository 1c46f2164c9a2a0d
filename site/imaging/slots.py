"""Slots of this machine: files that only so many processes can lock at a time.

The kernel frees a lock when its process ends, so no slot is ever lost. Whoever frees a lock removes
its file; one that a killed process left is locked again by the next.
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
    """Hold one of these files inside the block; NoSlotError if none is free until the deadline."""
    path, descriptor = _lock_one([_folder() / name for name in names], deadline)
    try:
        yield
    finally:
        # Before it is unlocked, so that nobody locks a file without a name.
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
    """Return a descriptor of the file, locked, or None if somebody else holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with suppress(BlockingIOError, FileNotFoundError):
        flock(descriptor, LOCK_EX | LOCK_NB)
        # Whoever had it may have removed this file, and somebody else made another.
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    os.close(descriptor)
    return None
