from contextlib import suppress
from io import StringIO
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from images.files import ImageFile
from images.models import Draft, Image
from images.old_files import adopt
from ops.orphans import delete_orphans
from people.counts import settle_all
from web.limits import DAY
from web.models import Mail, RateLimit


class Command(BaseCommand):
    help = (
        "Delete expired sessions and rate-limit counts, finished tasks, interrupted uploads, "
        "deleted images that had many likes, and files that no image or person has used for a day. "
        "Correct the counts after deactivations of people who did a lot. The worker runs this "
        "every night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        RateLimit.objects.delete_expired()
        Mail.objects.delete_expired()
        for kept in ({"older_than": "7d"}, {"older_than": "30d", "include_failed": True}):
            # It prints how much it deleted, whatever the verbosity.
            call_command("ox_prune", stdout=StringIO(), **kept)
        delete_uploads(time() - DAY)
        adopt(Image.objects.all(), ImageFile.objects.all())
        Image.objects.finish_deletions()
        settle_all()
        ImageFile.objects.make_perceptual_hashes()
        ImageFile.objects.prune()
        Draft.objects.prune()
        delete_orphans()


def delete_uploads(before: float) -> None:
    """Delete uploads that a killed server left behind, by the names that Django gives them."""
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("tmp*.upload*"):
        # In a shared folder, uploads of other users have the same names.
        with suppress(FileNotFoundError, PermissionError):
            if path.stat().st_mtime < before:
                path.unlink()
