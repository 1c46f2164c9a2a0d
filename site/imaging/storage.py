"""The storage for uploads."""

import os
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri


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
