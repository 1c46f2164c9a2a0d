from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from images.files import ImageFile
from images.models import Image
from images.old_files import adopt
from ops.orphans import delete_orphans
from web.limits import DAY
from web.models import RateLimit


class Command(BaseCommand):
    help = (
        "Delete expired sessions and rate-limit counts, interrupted uploads, deleted images that "
        "had many likes, and files that no image or person has used for a day. A timer runs this "
        "once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        RateLimit.objects.delete_expired()
        delete_uploads(time() - DAY)
        adopt(Image.objects.all(), ImageFile.objects.all())
        Image.objects.finish_deletions()
        ImageFile.objects.prune()
        delete_orphans()


def delete_uploads(before: float) -> None:
    """Delete uploads that a killed server left behind, by the names that Django gives them."""
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("tmp*.upload*"):
        # In a shared folder, uploads of other users have the same names.
        with suppress(FileNotFoundError, PermissionError):
            if path.stat().st_mtime < before:
                path.unlink()
