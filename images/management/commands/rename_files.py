from typing import Any

from django.core.files.storage import FileSystemStorage, storages
from django.core.management.base import BaseCommand, CommandError

from images.files import ImageFile
from images.models import Image
from images.old_files import adopt, rename, with_old_names


class Command(BaseCommand):
    help = (
        "Give random names to the files of images of earlier versions, whose names can be "
        "computed from the picture. It can be stopped and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not isinstance(storages["default"], FileSystemStorage):
            raise CommandError("Files can be renamed on disk only, before `move_files`.")
        adopt(Image.objects.all(), ImageFile.objects.all())
        renamed = 0
        for file in with_old_names():
            try:
                rename(file)
            except FileNotFoundError:
                self.stderr.write(f"The file {file} is missing, so it keeps its name.")
            else:
                renamed += 1
        self.stdout.write(f"{renamed} files renamed. `prune` deletes the old ones after a day.")
