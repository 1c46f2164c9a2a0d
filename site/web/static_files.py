"""Collect static files."""

import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/magpie.css"
SCRIPT = "js/site.js"
# Only the page that saves images loads this.
IMAGE_CREATE_SCRIPT = "js/image-create.js"
IMPORT = re.compile(r'^(?:@import url\("|import (?:\{.+\} from )?")(?P<path>[^"]+)"\)?;\n', re.M)
COMMENT = re.compile(r"/\*[\s\S]*?\*/\s*|^ *//.*\n", re.M)
# The space between lines, if the first ends a statement, a rule or a block, or is not complete.
SPACE = re.compile(r"(?<=[;{},(])\n\s*|^ +", re.M)

type Files = dict[str, tuple[Storage, str]]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hash and compress static files, and make the stylesheet and each script one file.

    Before the files are collected, pages link to them by their plain names.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._urls: dict[str | None, str] = {}

    @property
    def is_collected(self) -> bool:
        return bool(self.hashed_files)

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the URL of a file. It is made once, if the files are collected."""
        if not self.is_collected:
            return str(super().url(name, force))
        if name not in self._urls:
            self._urls[name] = str(super().url(name, force))
        return self._urls[name]

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.is_collected else name

    def post_process(self, paths: Files, *args: Any, **options: Any) -> Iterator[Any]:
        bundles = InMemoryStorage()
        for name in (STYLESHEET, SCRIPT, IMAGE_CREATE_SCRIPT):
            bundles.save(name, ContentFile(bundle(name, paths).encode()))
            paths = paths | {name: (bundles, name)}
        # WhiteNoise writes compressed files itself, without the modes of this storage.
        umask = os.umask(0o022)
        try:
            yield from super().post_process(paths, *args, **options)
        finally:
            os.umask(umask)


def bundle(name: str, files: Files) -> str:
    """Return a stylesheet or script in which each import is replaced with the imported file.

    Space that browsers do not need is left out.
    """
    done = set()

    def read(name: str) -> str:
        storage, path = files[name]
        with storage.open(path) as file:
            return COMMENT.sub("", bytes(file.read()).decode())

    def include(name: str) -> str:
        done.add(name)
        return IMPORT.sub(lambda match: imported(name, match["path"]), read(name))

    def imported(by: str, path: str) -> str:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(by), path))
        if name in done:
            return ""
        text = include(name)
        if name.endswith(".css"):
            return text
        # A block keeps the names of a module private, unless it exports some.
        return text.replace("export ", "") if "export " in text else f"{{\n{text}}}\n"

    return SPACE.sub("", include(name))
