import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils import timezone

from ops import archive
from ops.databases import counts, database, file_names, file_tables, migrations
from ops.media import Links, is_of, root, workshop
from sqlite.library import LIBRARY

# A file may be away for a moment while its row is there: who bookmarks what another deletes just
# then writes it again. What is away each time is lost.
PAUSES = (0.5, 1.5, 3, 0)


class Command(BaseCommand):
    help = "Write the database and people's files to one archive, while the site is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as magpie.tar")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        if file.exists():
            raise CommandError(f"{file} is there already.")
        if file.resolve().is_relative_to(root().resolve()):
            raise CommandError("Everybody can read what lies among the media.")
        try:
            with TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as work:
                manifest = write(Path(work))
                publish(Path(work) / "archive", file)
        except (OSError, LIBRARY.Error, Error) as error:
            raise CommandError(f"There is no backup: {error}") from error
        for name in manifest.lost:
            self.stderr.write(f"A row names {name}, which is not there.")
        media = sum(name.startswith(archive.MEDIA) for name in manifest.sha256)
        rows = sum(manifest.counts.values())
        self.stdout.write(f"{file}: {rows} rows, {media} files, {file.stat().st_size} bytes.")


def write(work: Path) -> archive.Manifest:
    """Write the archive in the folder `work`, and read it again."""
    used = database()
    dump = work / used.MEMBER
    with workshop() as folder:
        links = Links(folder)
        links.add_all()
        with frozen(links) as reader:
            used.dump(reader, dump)
            names = file_names(reader)
            facts = facts_of(reader)
        kept = sorted(name for name in links.names if is_of(name, names))
        members = [(f"{archive.MEDIA}{name}", folder / name) for name in kept]
        lost = sorted(names - links.names)
        archive.write(work / "archive", [*members, (dump.name, dump)], lost=lost, **facts)
    return archive.verify(work / "archive", work)


@contextmanager
def frozen(links: Links) -> Iterator[Any]:
    """Yield a connection that sees one moment, of which all files are among the links.

    Files come before their rows and go after them. So those of the rows that are there are there,
    too, as long as nobody writes; which is as long as it takes to link what came after the links.
    """
    used = database()
    for pause in PAUSES:
        with ExitStack() as stack:
            with used.writers_kept_out(file_tables()):
                reader = stack.enter_context(used.frozen())
                lost = links.add_originals(file_names(reader))
            if not (lost and pause):
                yield reader
                return
        time.sleep(pause)


def facts_of(reader: Any) -> dict[str, Any]:
    """Return what the manifest tells of the moment that the reader sees."""
    return {
        "created": timezone.now().isoformat(),
        "vendor": connection.vendor,
        "server": ".".join(map(str, connection.get_database_version())),
        "django": version("django"),
        "migrations": migrations(reader),
        "counts": counts(reader),
    }


def publish(whole: Path, file: Path) -> None:
    """Give a whole archive its name, for good."""
    whole.rename(file)
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
