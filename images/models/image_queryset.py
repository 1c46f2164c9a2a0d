from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from images.files import ImageFile
from images.models.image_count import ImageCount
from images.sanitize import SanitizedImage
from people.deletion import BATCH
from people.models.profile import SHOWN_OF_USERS
from stream.keyset import KeysetQuerySet
from stream.models import user_is_active
from stream.record import create_action_locked, lock, lock_keys

if TYPE_CHECKING:
    from images.models.image import Image

# The fields of an image that its card shows, and those by which lists are paged.
SHOWN_OF_CARDS = ("title", "slug", "image", "width", "height", "created", "like_count", "user")
# Pressing Save again within this time saves no second image.
SAME_PRESS = timedelta(seconds=60)


class ImageQuerySet(KeysetQuerySet["Image"]):
    # This many of the narrowest images fill a row of the gallery.
    lookahead = 8

    def visible(self) -> Self:
        """Leave out the images of deactivated people."""
        return self.filter(user_is_active())

    def for_viewer(self, viewer: User) -> Self:
        """Annotate whether `viewer` likes each image."""
        likes = self.model.likes.rel.related_model.objects  # type: ignore[attr-defined]
        return self.annotate(is_liked=Exists(likes.filter(image=OuterRef("pk"), user=viewer)))

    def with_people(self) -> Self:
        """Load the profiles of the people who saved them."""
        return self.select_related("user__profile")

    def as_thumbnails(self) -> Self:
        """Load only what feeds show."""
        return self.only("title", "slug", "image")

    def as_cards(self) -> Self:
        """Load only what the gallery of one person shows."""
        return self.only(*SHOWN_OF_CARDS)

    def as_cards_with_people(self) -> Self:
        """Load only what galleries show, and the people who saved the images."""
        people = [f"user__{name}" for name in (*SHOWN_OF_USERS, "profile__user")]
        return self.with_people().only(*SHOWN_OF_CARDS, *people)

    def bookmark(self, user: User, picture: ImageFile | SanitizedImage, **fields: str) -> "Image":
        """Save a picture with its title, and with its `url` and `description` if there are any."""
        # Decoding and writing take long, so they come before the transaction.
        file = picture if isinstance(picture, ImageFile) else ImageFile.objects.store(picture)
        return self._record(user, file, **fields)

    @transaction.atomic
    def _record(self, user: User, file: ImageFile, **fields: str) -> "Image":
        # If Save is pressed twice at once, the second press must find the image of the first.
        lock(user)
        file.use()
        since = timezone.now() - SAME_PRESS
        same = self.filter(user=user, file=file, created__gt=since, **fields)
        if image := same.first():
            return image
        image = self.create(
            user=user,
            file=file,
            image=file.image.name,
            width=file.width,
            height=file.height,
            is_animated=file.is_animated,
            **fields,
        )
        ImageCount.objects.add(user.pk, 1)
        create_action_locked(user, "bookmarked image", image)
        return image

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the images, and take them out of the counts of their owners.

        Those with many likes are hidden, and deleted in batches after the commit.
        """
        owners = lock_keys(User, set(self.order_by().values_list("user", flat=True)))
        # A like at the same moment is either deleted as well, or waits and finds no image.
        keys = self.filter(user__in=owners).values_list("pk", flat=True)
        images = lock_keys(self.model, list(keys))
        for owner, number in Counter(image.user_id for image in images.values()).items():
            ImageCount.objects.add(owner, -number)
        ImageFile.objects.mark_unused_after_commit(image.file_id for image in images.values())
        popular = [image for image in images.values() if image.like_count > BATCH]
        self.filter(pk__in=[image.pk for image in popular]).update(deletion_began=timezone.now())
        for image in popular:
            transaction.on_commit(image.finish_deletion, robust=True)
        # These are not those that are hidden now.
        return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


# mypy finds the types of a base class only if it has a name.
_ImageManager = models.Manager.from_queryset(ImageQuerySet)


class ImageManager(_ImageManager["Image"]):
    """The images, except those that are being deleted."""

    def get_queryset(self) -> ImageQuerySet:
        return ImageQuerySet(self.model, using=self._db).filter(deletion_began=None)

    def finish_deletions(self) -> None:
        """Delete the images that are hidden, however many likes they have."""
        for image in self.model._base_manager.filter(deletion_began__isnull=False):
            while not image.finish_deletion():
                pass
