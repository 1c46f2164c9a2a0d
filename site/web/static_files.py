"""How static files are collected."""

import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/magpie.css"
IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[\w-]+)\);')

type Files = dict[str, tuple[Storage, str]]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashes and compresses static files, and makes the stylesheet and its imports one file.

    Before the files are collected, pages link to them by their plain names.
    """

    @property
    def is_collected(self) -> bool:
        return bool(self.hashed_files)

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.is_collected else name

    def post_process(self, paths: Files, *args: Any, **options: Any) -> Iterator[Any]:
        memory = InMemoryStorage()
        memory.save(STYLESHEET, ContentFile(whole_stylesheet(paths).encode()))
        # WhiteNoise writes compressed files itself, without the modes of this storage.
        umask = os.umask(0o022)
        try:
            yield from super().post_process(
                paths | {STYLESHEET: (memory, STYLESHEET)}, *args, **options
            )
        finally:
            os.umask(umask)


def whole_stylesheet(paths: Files) -> str:
    """Return the stylesheet, with each `@import` replaced by the imported file in its layer."""

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return bytes(file.read()).decode()

    def imported(match: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(STYLESHEET), match["path"]))
        return f"@layer {match['layer']} {{\n{read(name)}}}"

    return IMPORT.sub(imported, read(STYLESHEET))
