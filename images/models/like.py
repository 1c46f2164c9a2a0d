from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from images.models.image import Image
from people.counted import CountedQuerySet, CountedRow
from people.counts import STORED_COUNTS, StoredCount
from people.models import Profile
from people.models.profile import person_is_active


class LikeQuerySet(CountedQuerySet["Like"]):
    keyset = ("id",)

    def of(self, image: Image) -> Self:
        """Keep the likes of active people."""
        # With the flag, an index leaves out inactive people. It may be behind in a deactivation.
        return self.filter(person_is_active("user"), image=image, is_counted=True)

    def with_people(self) -> Self:
        """Load the profiles of the people who like the image."""
        return self.select_related("user__profile")

    def with_people_for(self, viewer: User) -> Self:
        """Load the profiles of the people who like the image, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer).as_cards()
        return self.prefetch_related(Prefetch("user__profile", profiles))

    def by(self, user: User) -> Self:
        """Keep the likes of a user, except those of images that are hidden."""
        shown = Image.objects.visible().filter(pk=OuterRef("image"))
        return self.filter(Exists(shown), user=user)

    def with_images_for(self, viewer: User) -> Self:
        """Load the images as cards, annotated for `viewer`."""
        images = Image.objects.for_viewer(viewer).as_cards_with_people()
        return self.prefetch_related(Prefetch("image", images))


class Like(CountedRow):
    """One person likes one image."""

    image = models.ForeignKey("images.Image", models.CASCADE, related_name="likes", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    # None for likes of an earlier version whose action is gone.
    created = models.DateTimeField(_("created"), auto_now_add=True, null=True)
    # Whether it is in the `like_count` of the image.
    is_counted = models.BooleanField(default=False, db_default=False, editable=False)

    objects = LikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["image", "-id"], condition=models.Q(is_counted=True), name="like_likers"
            ),
            models.Index(fields=["user", "-id"]),
        ]
        constraints = [models.UniqueConstraint(fields=["image", "user"], name="like_once")]

    def __str__(self) -> str:
        return gettext("%(user)s likes %(image)s") % {"user": self.user, "image": self.image}


LIKES = StoredCount(
    rows=Like,
    flag="is_counted",
    person="user",
    owner="image",
    store="images.Image",
    key="pk",
    field="like_count",
)
STORED_COUNTS.append(LIKES)
