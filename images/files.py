"""Stored originals: each is stored once, under a random name, and shared by images."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from itertools import batched
from typing import Any, Self

from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from easy_thumbnails.fields import ThumbnailerImageField

from images.sanitize import SanitizedImage, digest_of
from images.thumbnails import ImageFieldFile

# How long a file stays after its last image, so that open pages and backups still find it.
GRACE = timedelta(days=1)


class ImageField(ThumbnailerImageField):
    """A model field for the stored file of an image."""

    attr_class = ImageFieldFile


class ImageFileQuerySet(models.QuerySet["ImageFile"]):
    def received(self, data: bytes) -> "ImageFile | None":
        """Return the file that was made from the same bytes before, if it still exists."""
        file = self._claim(received__digest=digest_of(data))
        return file if file and file.is_stored else None

    def store(self, picture: SanitizedImage) -> "ImageFile":
        """Return the file of a picture. Write it if it is new or was lost."""
        digest = digest_of(picture.data)
        file = self._claim(digest=digest)
        if file is None:
            try:
                file = self._create(picture, digest)
            except IntegrityError:
                # The same picture was saved at the same moment.
                file = self._claim(digest=digest)
                if file is None:
                    raise
        if not file.is_stored:
            file.write(picture.data)
        if picture.received:
            digests = [ReceivedDigest(digest=picture.received, file=file)]
            ReceivedDigest.objects.bulk_create(digests, ignore_conflicts=True)
        return file

    def _claim(self, **lookup: str) -> "ImageFile | None":
        """Return a matching file, if any, and keep `prune` from deleting it for a day."""
        now = timezone.now()
        self.filter(unused_since__isnull=False, **lookup).update(unused_since=now)
        return self.filter(**lookup).first()

    def _create(self, picture: SanitizedImage, digest: str) -> "ImageFile":
        """Write a file with its thumbnails, then its row. Remove both on an error."""
        token = secrets.token_hex(17)
        file = ImageFile(
            image=f"images/{token[:2]}/{token[2:]}.{picture.extension}",
            digest=digest,
            width=picture.width,
            height=picture.height,
            is_animated=picture.is_animated,
            unused_since=timezone.now(),
        )
        try:
            file.write(picture.data)
            with transaction.atomic():
                file.save()
        except Exception:
            file.image.delete(save=False)
            raise
        return file

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
        files = self.model.objects.filter(pk__in=unused).without_images()
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


class ImageFile(models.Model):
    """A stored original, which images of the same picture share."""

    image = ImageField(unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    is_animated = models.BooleanField(default=False, editable=False)
    # A hash of the stored bytes. It is unique, so no picture is stored twice.
    digest = models.CharField(max_length=34, unique=True, editable=False)
    # When its last image was deleted; None while it has one.
    unused_since = models.DateTimeField(null=True, editable=False)

    objects = ImageFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["unused_since"],
                condition=Q(unused_since__isnull=False),
                name="imagefile_unused",
            )
        ]

    def __str__(self) -> str:
        return str(self.image.name)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and the file after the commit."""
        self.image.delete_after_commit()
        return super().delete(*args, **kwargs)

    @property
    def is_stored(self) -> bool:
        """Whether the original and all thumbnails that pages show exist."""
        names = self.image.name, *map(self.image.thumbnail_name, self.image.shown)
        return all(map(self.image.storage.exists, names))

    def write(self, data: bytes) -> None:
        """Write the original and its thumbnails."""
        self.image.storage.save(self.image.name, ContentFile(data))
        self.image.make_thumbnails()

    def use(self) -> None:
        """Mark the file as used by an image that is saved in the same transaction."""
        ImageFile.objects.filter(pk=self.pk).update(unused_since=None)
        # `rename_files` may have changed the name before the update.
        self.refresh_from_db()


class ReceivedDigest(models.Model):
    """A hash of received bytes, and the file that was made from them.

    The same bytes need not be decoded again. If a new version of `sanitize` makes a different file
    from the same bytes, it has to delete these rows.
    """

    digest = models.CharField(max_length=34, unique=True)
    file = models.ForeignKey(ImageFile, models.CASCADE, related_name="received")

    def __str__(self) -> str:
        return self.digest
