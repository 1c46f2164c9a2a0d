"""Stored originals: each is stored once, under a random name, and shared by images."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from easy_thumbnails.fields import ThumbnailerImageField

from images.hash_parts import HashPart
from images.perceptual_hash import NONE as NO_HASH
from images.perceptual_hash import hash_of_pixels, perceptual_hash
from images.sanitize import SanitizedImage, digest_of, sanitize
from images.thumbnails import ImageFieldFile
from images.unused_files import UnusedFilesQuerySet
from imaging.admission import BusyError
from imaging.storage import save_all
from people import quota


class ImageField(ThumbnailerImageField):
    """A model field for the stored file of an image."""

    attr_class = ImageFieldFile


class ImageFileQuerySet(UnusedFilesQuerySet["ImageFile"]):
    def with_digest(self, digest: str) -> "ImageFile | None":
        """Return the file that has the bytes with this digest, or was made from them."""
        # Each of the two has its own index.
        return self.filter(digest=digest).first() or self.filter(received__digest=digest).first()

    def store_received(self, data: bytes) -> "ImageFile":
        """Return the file that has these bytes or was made from them. If need be, make it."""
        digest = digest_of(data)
        file = self._claim(digest=digest) or self._claim(received__digest=digest)
        if file and file.is_stored:
            # The quota counts uploads even if nothing new is stored.
            quota.count(len(data))
            return file
        return self.store(sanitize(data))

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
        elif not file.is_stored:
            file.write(picture)
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
            file.write(picture)
            file.perceptual_hash = hash_of_pixels(picture.pixels)
            with transaction.atomic():
                file.save()
                HashPart.objects.add(file)
        except ConnectionError:
            # Nothing can be deleted while the store is away. `prune` does it.
            raise
        except Exception:
            file.image.delete(save=False)
            raise
        return file

    def make_perceptual_hashes(self) -> None:
        """Make the perceptual hashes that files of earlier versions lack."""
        for file in self.filter(perceptual_hash=None).iterator():
            digits = file.make_perceptual_hash()
            with transaction.atomic():
                # It may be deleted meanwhile.
                if self.filter(pk=file.pk).update(perceptual_hash=digits):
                    file.perceptual_hash = digits
                    HashPart.objects.add(file)


class ImageFile(models.Model):
    """A stored original, which images of the same picture share."""

    image = ImageField(unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    is_animated = models.BooleanField(default=False, editable=False)
    # A hash of the stored bytes. It is unique, so no picture is stored twice.
    digest = models.CharField(max_length=34, unique=True, editable=False)
    # Empty if the picture says too little; None until `prune` makes that of an earlier file.
    perceptual_hash = models.CharField(max_length=32, null=True, editable=False)  # noqa: DJ001
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
        names = self.image.names
        return bool(self.image.storage.present(names) == {*names})

    def write(self, picture: SanitizedImage) -> None:
        """Write the original and its thumbnails."""
        thumbnails = self.image.draw_thumbnails(picture.pixels, self.image.shown)
        save_all(self.image.storage, {str(self.image.name): picture.data} | thumbnails)

    def make_perceptual_hash(self) -> str | None:
        """Return the hash of its picture; None while the server is busy or the file unreadable."""
        name = self.image.thumbnail_name(self.image.narrowest)
        try:
            with self.image.storage.open(name) as thumbnail:
                return perceptual_hash(thumbnail.read())
        except (FileNotFoundError, ValidationError):
            # The file is lost or damaged.
            return NO_HASH
        except (BusyError, OSError):
            return None

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
