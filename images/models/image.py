from collections import Counter
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import MAX_LENGTH
from images.files import ImageField, ImageFile
from images.models.image_count import ImageCount
from images.models.like import LIKES
from images.sanitize import SanitizedImage
from people.counts import CountedModel
from people.models.profile import SHOWN_OF_USERS
from stream.keyset import KeysetQuerySet
from stream.models import Action, user_is_active
from stream.record import create_action_locked, lock, lock_keys, retract_action
from web.indexes import PrefixIndex

# The last parts of the URLs of other views, which no slug may be.
RESERVED_SLUGS = {"like", "likes", "edit", "delete"}
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
        """Load only what galleries show, with the people if they are loaded at all."""
        owner = [f"user__{name}" for name in (*SHOWN_OF_USERS, "profile__user")]
        fields = ["title", "slug", "image", "width", "height", "created", "like_count", "user"]
        has_owners = bool(self.query.select_related)
        return self.only(*fields, *(owner if has_owners else []))

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
        """Delete the images, and take them out of the counts of their owners."""
        owners = lock_keys(User, set(self.order_by().values_list("user", flat=True)))
        # A like at the same moment is either deleted as well, or waits and finds no image.
        keys = self.filter(user__in=owners).values_list("pk", flat=True)
        images = lock_keys(Image, list(keys))
        for owner, number in Counter(image.user_id for image in images.values()).items():
            ImageCount.objects.add(owner, -number)
        ImageFile.objects.mark_unused_after_commit(image.file_id for image in images.values())
        return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


class Image(CountedModel):
    """An image that a person found on the web and saved."""

    stored_counts = ("like_count",)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="images_created",
        verbose_name=_("user"),
        db_index=False,
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=200, allow_unicode=True, editable=False, db_index=False)
    # Empty for an upload.
    url = models.URLField(_("address"), max_length=MAX_LENGTH, blank=True)
    # None for images that an earlier version saved, until `prune` adopts them.
    file = models.ForeignKey(
        ImageFile, models.PROTECT, related_name="images", null=True, editable=False
    )
    # Copies of the file's name and size, so that lists of images need no join.
    image = ImageField(_("image"), editable=False, db_index=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    is_animated = models.BooleanField(default=False, editable=False)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    users_like = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Like", related_name="images_liked", editable=False
    )
    like_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Deleting an image also deletes the actions about it.
    targeted_by = GenericRelation(Action, "target_id", "target_ct")

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created", "-id"]
        indexes = [
            models.Index(fields=["-created", "-id"]),
            models.Index(fields=["user", "-created", "-id"]),
            PrefixIndex(fields=["title"], name="image_title_prefix"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="image_url_is_of_the_web",
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="image_has_a_size"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(slug=""), name="image_has_a_title"),
            models.CheckConstraint(condition=~Q(image=""), name="image_has_a_file"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Slugs keep letters of all scripts. A title without letters becomes "image".
        slug = slugify(self.title, allow_unicode=True)[:200].strip("-_") or "image"
        self.slug = f"{slug}-image" if slug in RESERVED_SLUGS else slug
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("image_detail", args=[self.pk, self.slug])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        return Image.objects.filter(pk=self.pk).delete()

    @transaction.atomic
    def like(self, user: User) -> bool:
        """Let `user` like this image; False if they do already.

        DeletedError if the image or the user is gone.
        """
        (user,) = lock(user)
        lock(self)
        like, created = self.likes.get_or_create(user=user, defaults={"is_counted": user.is_active})
        if created:
            LIKES.add(like, 1)
            create_action_locked(user, "likes", self)
        return created

    @transaction.atomic
    def unlike(self, user: User) -> bool:
        """Undo `like` and retract its action; False if there was nothing to undo."""
        lock(user)
        lock(self)
        like = self.likes.filter(user=user).first()
        if like:
            like.delete()
        retract_action(user, "likes", self)
        return like is not None

    @property
    def shape(self) -> int:
        """Ten times its width divided by its height, within the range that the gallery shows."""
        return min(max(round(10 * self.width / self.height), 5), 30)

    @property
    def source(self) -> str:
        """The host name of its source."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")
