"""The storage of uploads on disk, and functions that handle several files of a storage at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.encoding import filepath_to_uri

# An image has up to nine files. Written at once, they take no longer than one, even if the store
# does not answer.
THREADS = 9


@dataclass(frozen=True)
class StoredFile:
    """The name of a stored file, its size, and the time of its last change."""

    name: str
    size: int
    modified: datetime


class WrittenFile(File[bytes]):
    """A file that the storage moves instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


class WholeFileStorage(FileSystemStorage):
    """Write each file completely or not at all, whatever interrupts it."""

    def make_root(self) -> None:
        """Make the root folder, with the same mode as the folders in it."""
        root = Path(self.location)
        if not root.is_dir():
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(self.directory_permissions_mode or 0o700)

    def url(self, name: str | None) -> str:
        # Django's joins URLs by the rules of links, which takes half of a list's photos.
        return f"{self.base_url}{filepath_to_uri(name)}"

    def check(self) -> None:
        """Raise OSError if no file can be written."""
        self.make_root()
        with TemporaryFile(dir=self.location, buffering=0) as file:
            file.write(b"?")

    def files(self, folder: str = "") -> Iterator[StoredFile]:
        """Yield the files in a folder and in the folders below it, including those of others.

        Names that begin with `.incoming-` are being written.
        """
        root = Path(self.location)
        for parent, _, names in Path(root, folder).walk(follow_symlinks=True):
            for path in map(parent.joinpath, names):
                # It may be deleted at this moment.
                with suppress(FileNotFoundError):
                    found = path.stat()
                    modified = datetime.fromtimestamp(found.st_mtime, UTC)
                    yield StoredFile(str(path.relative_to(root)), found.st_size, modified)

    def present(self, names: Iterable[str]) -> set[str]:
        """Return those of an original's names and its thumbnails' that exist."""
        return set(filter(self.exists, names))

    def _save(self, name: str, content: File[Any]) -> str:
        self.make_root()
        descriptor, path = mkstemp(prefix=".incoming-", dir=self.location)
        try:
            with os.fdopen(descriptor, "r+b") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                # After a power failure there must be no row without its file.
                os.fsync(descriptor)
                return str(super()._save(name, WrittenFile(file, path)))  # type: ignore[misc]
        finally:
            Path(path).unlink(missing_ok=True)


def save_all(storage: Storage, files: Mapping[str, bytes]) -> None:
    """Write several files at once. An error is raised after all writes that began have ended."""
    each_at_once(lambda item: storage.save(item[0], ContentFile(item[1])), files.items())


def delete_all(storage: Storage, names: Iterable[str]) -> None:
    """Delete several files at once."""
    each_at_once(storage.delete, names)


def each_at_once[T](function: Callable[[T], object], items: Iterable[T]) -> None:
    """Call a function for several files at once. After an error, it is called for no more files."""
    # Each call has its own threads. With shared ones, a store that does not answer to one request
    # would hold up all others.
    with ThreadPoolExecutor(THREADS, "storage") as threads:
        for _ in threads.map(function, items):
            pass
