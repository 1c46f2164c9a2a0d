import os
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ops.backups import FAILURES, write


class Command(BaseCommand):
    help = "Write the database and the uploads to one tar archive, while the site is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as magpie.tar")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        if file.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
            raise CommandError("Everyone can read the files in MEDIA_ROOT. Choose another folder.")
        if file.exists():
            raise CommandError(f"{file} already exists.")
        try:
            with TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as folder:
                write(Path(folder, "magpie.tar"))
                os.link(Path(folder, "magpie.tar"), file)
        except FAILURES as error:
            raise CommandError(f"The backup failed: {error}") from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")
