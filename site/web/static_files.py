"""Collect the static files, and build the stylesheet."""

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
    """Hash and compress static files, and merge the stylesheet with its imports."""

    def post_process(self, paths: Files, *args: Any, **options: Any) -> Iterator[Any]:
        memory = InMemoryStorage()
        memory.save(STYLESHEET, ContentFile(whole_stylesheet(paths).encode()))
        # WhiteNoise writes the compressed files itself, without the file modes of this storage.
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
