from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.counted import CountedRow, CountedRows
from people.counts import STORED_COUNTS, StoredCount
from people.models import Profile
from people.models.profile import person_is_active

if TYPE_CHECKING:
    from images.models.image import Image


class LikeQuerySet(CountedRows["Like"]):
    keyset = ("id",)

    def of(self, image: "Image") -> Self:
        """Keep the likes of active people."""
        return self.filter(person_is_active("user"), image=image)

    def with_people(self) -> Self:
        """Load the profiles of the people who like the image."""
        return self.select_related("user__profile")

    def with_people_for(self, viewer: User) -> Self:
        """Load the profiles of the people who like the image, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer).as_cards()
        return self.prefetch_related(Prefetch("user__profile", profiles))

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        LIKES.subtract(self)
        return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


class Like(CountedRow):
    """One person likes one image."""

    image = models.ForeignKey("images.Image", models.CASCADE, related_name="likes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Whether it is in the `like_count` of the image.
    is_counted = models.BooleanField(default=False, db_default=False, editable=False)

    objects = LikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["image", "-id"])]
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
