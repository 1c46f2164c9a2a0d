"""Simulated full disks, for files and for the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection


@contextmanager
def full_disk(folder: Path, room: int = 0) -> Iterator[None]:
    """Leave a folder room for this many new files. Writing to others fails."""
    open_file, files = os.open, count()

    def open_on_disk(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        descriptor = open_file(path, flags, *args, **kwargs)
        if flags & os.O_CREAT and folder in Path(path).parents and next(files) >= room:
            full = open_file("/dev/full", os.O_RDWR)
            os.dup2(full, descriptor)
            os.close(full)
        return descriptor

    with patch.object(os, "open", open_on_disk):
        yield


@contextmanager
def no_room_to(statement: str) -> Iterator[None]:
    """Make statements that start with this text fail, as on a full disk."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(statement):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield
