"""Files that no image uses any more. They are marked, and deleted a day later."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import batched
from typing import Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

# How long a file stays after its last image, so that open pages and backups still find it.
GRACE = timedelta(days=1)


class UnusedFilesQuerySet[File: models.Model](models.QuerySet[File]):
    def without_images(self) -> Self:
        images = self.model.images.rel.related_model.objects  # type: ignore[attr-defined]
        return self.filter(~Exists(images.filter(file=OuterRef("pk"))))

    def mark_unused_after_commit(self, keys: Iterable[int | None]) -> None:
        """Mark those files that have no image when the transaction has ended."""
        # Until the commit, two concurrent deletions would each see the other's image.
        for batch in batched(sorted({key for key in keys if key}), 1000, strict=False):
            files = self.filter(pk__in=batch, unused_since=None)
            transaction.on_commit(files.mark_unused, robust=True)

    @transaction.atomic
    def mark_unused(self) -> None:
        """Set `unused_since` of files without images; `prune` deletes them a day later."""
        rows = self.without_images().order_by("pk").select_for_update()
        unused = list(rows.values_list("pk", flat=True))
        # Check again, because a save may have used a file before it was locked.
        files = self.filter(pk__in=unused).without_images()
        files.update(unused_since=timezone.now())

    def prune(self) -> None:
        """Delete files that were unused for a day: their rows, and after the commit the files."""
        # A server may be killed before it marks a file.
        self.filter(unused_since=None).mark_unused()
        unused = self.without_images().filter(unused_since__lt=timezone.now() - GRACE)
        for pk in unused.values_list("pk", flat=True):
            with transaction.atomic():
                # The same picture may have been saved since.
                if file := unused.select_for_update().filter(pk=pk).first():
                    file.delete()
