"""Where uploads are kept."""

import os
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WrittenFile(File[bytes]):
    """A file that storage moves into its place rather than copies."""

    def temporary_file_path(self) -> str:
        return str(self.name)


class WholeFileStorage(FileSystemStorage):
    """Files on disk that are there whole or not at all, whatever ends the writing of them."""

    def make_root(self) -> None:
        """Make the folder of all files, with the mode of the folders in it."""
        root = Path(self.location)
        if not root.is_dir():
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(self.directory_permissions_mode or 0o700)

    def _save(self, name: str, content: File[Any]) -> str:
        self.make_root()
        descriptor, path = mkstemp(prefix=".incoming-", dir=self.location)
        try:
            with os.fdopen(descriptor, "r+b") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                # A row must not outlive its file when the power goes.
                os.fsync(descriptor)
                return str(super()._save(name, WrittenFile(file, path)))  # type: ignore[misc]
        finally:
            Path(path).unlink(missing_ok=True)
