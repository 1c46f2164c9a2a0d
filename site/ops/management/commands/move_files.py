from itertools import batched
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.management.base import BaseCommand, CommandError

from imaging.storage import WholeFileStorage, each_at_once
from ops.orphans import OURS

BATCH = 100


class Command(BaseCommand):
    help = (
        "Move photos and images from MEDIA_ROOT to the store that STORAGE_URL names, while the "
        "site runs. It can be stopped and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(storages["default"], FileSystemStorage):
            raise CommandError("STORAGE_URL names no store to which files could be moved.")
        disk = WholeFileStorage(settings.MEDIA_ROOT)
        try:
            self.move_all(disk)
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to move the other files.") from None
        except ConnectionError as error:
            raise CommandError(f"The store cannot be used, try again later: {error}") from error

    def move_all(self, disk: WholeFileStorage) -> None:
        moved, others = 0, 0
        for batch in batched(disk.files(), BATCH, strict=False):
            names = [file.name for file in batch if OURS.fullmatch(file.name)]
            each_at_once(lambda name: move(disk, name), names)
            moved += len(names)
            others += len(batch) - len(names)
            self.stdout.write(f"\r{moved:,} files moved", ending="")
        self.stdout.write(f"\r{moved:,} files moved, {others:,} others left in {disk.location}.")


def move(disk: WholeFileStorage, name: str) -> None:
    """Save a file in the store, which deletes it on disk, unless somebody else has deleted it."""
    try:
        file = disk.open(name)
    except FileNotFoundError:
        return
    with file:
        default_storage.save(name, file)
