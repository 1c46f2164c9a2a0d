"""The files that people uploaded, as backups and audits see them."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import CommandError

# Folders in which commands work; they lie beside the files, so that these can be linked and moved.
WORKSHOP = ".magpie-"


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def make_folder(path: Path) -> None:
    """Make a folder of media, and those above it, with the mode that storage gives to them."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


@contextmanager
def workshop() -> Iterator[Path]:
    """Yield a folder to work in, to one command at a time; those that were killed left theirs."""
    make_folder(root())
    with ExitStack() as stack:
        descriptor = os.open(root(), os.O_RDONLY)
        stack.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("A backup, a restore or an audit is at work already.") from None
        for left in root().glob(f"{WORKSHOP}*"):
            shutil.rmtree(left)
        with TemporaryDirectory(prefix=WORKSHOP, dir=root()) as folder:
            yield Path(folder)


def files(folder: Path) -> Iterator[str]:
    """Yield the names of the files in a folder, but for those that are hidden."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield str((Path(parent) / name).relative_to(folder))


def original(name: str) -> str:
    """Return what a thumbnail is of, going by its name."""
    return name.rsplit(".", 2)[0] or name


def is_of(name: str, originals: Set[str]) -> bool:
    """Say whether a file is one of the originals, or a thumbnail of one."""
    return name in originals or original(name) in originals


class Links:
    """Second names of files, by which they stay although others delete them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: set[str] = set()

    def add(self, name: str) -> None:
        if name in self.names:
            return
        link = self.folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        # Somebody may delete it in this moment.
        with suppress(FileNotFoundError):
            os.link(root() / name, link)
            self.names.add(name)

    def add_all(self) -> None:
        for name in files(root()):
            self.add(name)

    def add_originals(self, names: set[str]) -> set[str]:
        """Add those that came since, with their thumbnails; returns those that are not there."""
        for name in names - self.names:
            self.add(name)
            path = root() / name
            for thumbnail in path.parent.glob(f"{path.name}.*"):
                self.add(str(thumbnail.relative_to(root())))
        return names - self.names
