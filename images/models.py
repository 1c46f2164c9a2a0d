"""Images that people have saved, and likes."""

from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from images.fetching.addresses import MAX_LENGTH
from images.files import ImageField, ImageFile
from images.sanitize import SanitizedImage
from people.models import Profile, count_of
from stream.keyset import KeysetQuerySet
from stream.models import Action, user_is_active
from stream.record import create_action_locked, lock, retract_action

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
        """Annotate the number of likes, and whether `viewer` likes the image."""
        return self.annotate(
            like_count=count_of(Like.objects.filter(user__is_active=True), "image", of="pk"),
            is_liked=Exists(Like.objects.filter(image=OuterRef("pk"), user=viewer)),
        )

    def with_people(self) -> Self:
        """Load the profiles of the people who saved them."""
        return self.select_related("user__profile")

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
        create_action_locked(user, "bookmarked image", image)
        return image

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """Lock the rows first, as `Image.delete` does, so that no like is added in the meantime."""
        list(Image.objects.select_for_update().filter(pk__in=self.values("pk")).order_by("pk"))
        return super().delete()

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined]


# Images share files, so django-cleanup must not delete them; `ImageFile` does.
@cleanup.ignore
class Image(models.Model):
    """An image that a person found on the web and saved."""

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

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        # A concurrent like is either deleted as well, or waits and finds no image.
        Image.objects.select_for_update().filter(pk=self.pk).first()
        return super().delete(*args, **kwargs)

    @transaction.atomic
    def like(self, user: User) -> bool:
        """Let `user` like this image; False if they do already.

        DeletedError if the image or the user is gone.
        """
        lock(user)
        lock(self)
        _, created = Like.objects.get_or_create(image=self, user=user)
        if created:
            create_action_locked(user, "likes", self)
        return created

    @transaction.atomic
    def unlike(self, user: User) -> bool:
        """Undo `like` and retract its action; False if there was nothing to undo."""
        lock(user)
        lock(self)
        deleted, _ = Like.objects.filter(image=self, user=user).delete()
        retract_action(user, "likes", self)
        return deleted > 0

    @property
    def shape(self) -> int:
        """Ten times its width divided by its height, within the range that the gallery shows."""
        return min(max(round(10 * self.width / self.height), 5), 30)

    @property
    def source(self) -> str:
        """The host name of its source."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


class LikeQuerySet(KeysetQuerySet["Like"]):
    keyset = ("id",)

    def of(self, image: Image) -> Self:
        """Keep the likes of active people."""
        return self.filter(image=image, user__profile__user__is_active=True)

    def with_people(self) -> Self:
        """Load the profiles of the people who like the image."""
        return self.select_related("user__profile")

    def with_people_for(self, viewer: User) -> Self:
        """Load the profiles of the people who like the image, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer)
        return self.prefetch_related(Prefetch("user__profile", profiles))


class Like(models.Model):
    """One person likes one image."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="likes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    objects = LikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["image", "-id"])]
        constraints = [models.UniqueConstraint(fields=["image", "user"], name="like_once")]

    def __str__(self) -> str:
        return gettext("%(user)s likes %(image)s") % {"user": self.user, "image": self.image}
