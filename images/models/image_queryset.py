from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial
from itertools import accumulate, chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from images.files import ImageFile
from images.models.image_count import ImageCount
from images.sanitize import SanitizedImage
from people.counts import BATCH
from people.deletion import clear_batch
from people.models.profile import SHOWN_OF_USERS
from stream.keyset import KeysetQuerySet
from stream.models import Action, user_is_active
from stream.record import create_action_locked, lock, lock_keys

if TYPE_CHECKING:
    from images.models.image import Image

# The fields of an image that its card shows, and those by which lists are paged.
SHOWN_OF_CARDS = (
    *("title", "slug", "alt", "image", "width", "height", "created", "like_count", "user"),
    *("url", "page_url", "credit"),
)
# A request deletes at most this many batches of likes and actions. That takes SQLite a second.
BATCHES_IN_REQUEST = 20
# Pressing Save again within this time saves no second image.
SAME_PRESS = timedelta(seconds=60)


class ImageQuerySet(KeysetQuerySet["Image"]):
    # This many of the narrowest images fill a row of the gallery.
    lookahead = 8

    def visible(self) -> Self:
        """Leave out the images of deactivated people."""
        return self.filter(user_is_active())

    def for_viewer(self, viewer: User) -> Self:
        """Annotate whether `viewer` likes each image, and the key of theirs of the same file."""
        likes = self.model.likes.rel.related_model.objects  # type: ignore[attr-defined]
        theirs = self.model.objects.filter(user=viewer, file=OuterRef("file")).order_by("pk")
        return self.annotate(
            is_liked=Exists(likes.filter(image=OuterRef("pk"), user=viewer)),
            viewers_pk=Subquery(theirs.values("pk")[:1]),
        )

    def with_people(self) -> Self:
        """Load the profiles of the people who saved them."""
        return self.select_related("user__profile")

    def with_credit(self) -> Self:
        """Load the people from whom the images were saved again."""
        return self.select_related("via__profile", "found_by__profile")

    def as_thumbnails(self) -> Self:
        """Load only what links to images show."""
        return self.only("title", "slug", "alt", "image")

    def as_cards(self) -> Self:
        """Load only what the gallery of one person shows."""
        return self.only(*SHOWN_OF_CARDS)

    def as_cards_with_people(self) -> Self:
        """Load only what galleries show, and the people who saved the images."""
        people = [f"user__{name}" for name in (*SHOWN_OF_USERS, "profile__user")]
        return self.with_people().only(*SHOWN_OF_CARDS, *people)

    def next_to(self, image: "Image", size: int) -> tuple[list["Image"], list["Image"]]:
        """Return the images of the same person above `image` and below it, the nearest first."""
        theirs, cursor = self.filter(user=image.user_id).as_thumbnails(), self.cursor_of(image)
        above = theirs.above(cursor).newest().reverse()
        return list(above[:size]), list(theirs.below(cursor).newest()[:size])

    def load_cards(self, viewer: User, keys: Collection[int]) -> dict[int, "Image"]:
        """Return what feeds show of the images with these keys, by their keys."""
        return self.visible().for_viewer(viewer).as_cards_with_people().in_bulk(keys)

    def bookmark(self, user: User, picture: ImageFile | SanitizedImage, **fields: str) -> "Image":
        """Save a picture with its title, and with what else a form has of it."""
        # Decoding and writing take long, so they come before the transaction.
        file = picture if isinstance(picture, ImageFile) else ImageFile.objects.store(picture)
        return self._bookmark(user, file, **fields)

    def same_press(self, user: User, file: ImageFile, **fields: str) -> Self:
        """Return what was saved of a file with the same words just now."""
        since = timezone.now() - SAME_PRESS
        return self.filter(user=user, file=file, created__gt=since, **fields)

    @transaction.atomic
    def _bookmark(self, user: User, file: ImageFile, **fields: str) -> "Image":
        # If Save is pressed twice at once, the second press must find the image of the first.
        lock(user)
        file.use()
        if image := self.same_press(user, file, **fields).first():
            return image
        copied = {name: getattr(file, name) for name in ("width", "height", "is_animated")}
        return self.record(user, file, {}, image=file.image.name, **copied, **fields)

    def record(
        self, user: User, file: ImageFile | None, told: dict[str, Any], **fields: Any
    ) -> "Image":
        """Save an image of a locked user, count it, and record the action, with whom to tell."""
        image = self.create(user=user, file=file, **fields)
        ImageCount.objects.add(user.pk, 1)
        create_action_locked(user, "bookmarked image", image, **told)
        return image

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the images, and take them out of the counts of their owners.

        Those with many likes, alone or together, are hidden, and deleted in batches after the
        commit. `prune` deletes what a request leaves.
        """
        owners = lock_keys(User, set(self.order_by().values_list("user", flat=True)))
        # A like at the same moment is deleted with the image, or waits. Then it finds no image, or
        # one that is hidden and will be deleted.
        keys = self.filter(user__in=owners).values_list("pk", flat=True)
        images = lock_keys(self.model, list(keys))
        for owner, number in Counter(image.user_id for image in images.values()).items():
            ImageCount.objects.add(owner, -number)
        ImageFile.objects.mark_unused_after_commit(image.file_id for image in images.values())
        by_likes = sorted(images.values(), key=attrgetter("like_count"))
        likes = accumulate(image.like_count for image in by_likes)
        popular = [image for image, total in zip(by_likes, likes, strict=True) if total > BATCH]
        self.filter(pk__in=[image.pk for image in popular]).update(deletion_began=timezone.now())
        transaction.on_commit(partial(finish_deletions, popular, BATCHES_IN_REQUEST), robust=True)
        transaction.on_commit(partial(forget, self.model, list(images)), robust=True)
        # This leaves out the images that were just hidden.
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
        finish_deletions(self.model._base_manager.filter(deletion_began__isnull=False))


def forget(model: type[models.Model], keys: list[int]) -> None:
    """Take deleted images out of actions that are about them. `audit` finds what this leaves."""
    actions = Action.objects.grouped_by(model, keys)
    for _batch in range(BATCHES_IN_REQUEST):
        if not clear_batch(actions, "about_ct", "about_id"):
            break


def finish_deletions(images: Iterable["Image"], batches: int | None = None) -> None:
    """Delete hidden images, or as many of them as so many batches reach."""
    for _batch in islice(chain.from_iterable(image.finish_deletion() for image in images), batches):
        pass
