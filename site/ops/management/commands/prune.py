from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from web.models import RateLimit

# Seconds after which nobody still receives an upload.
DAY = 24 * 60 * 60


class Command(BaseCommand):
    help = "Delete expired sessions, counts of limits and uploads; a timer runs this once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        RateLimit.objects.delete_expired()
        delete_uploads(time() - DAY)


def delete_uploads(before: float) -> None:
    """Delete what a server that was killed had received of files; Django names them so."""
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("tmp*.upload*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
