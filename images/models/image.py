from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import MAX_LENGTH
from images.files import ImageField, ImageFile
from images.models.image_queryset import ImageManager
from people.counted import CountedModel
from people.deletion import delete_batch
from stream.models import Action
from stream.record import create_action_locked, lock, retract_action
from web.indexes import PrefixIndex

# The last parts of the URLs of other views, which no slug may be.
RESERVED_SLUGS = {"like", "likes", "edit", "delete"}
# The batches of likes, and of actions, that a request deletes with an image. SQLite takes a second.
BATCHES = 20


class Image(CountedModel):
    """An image that a person found on the web and saved."""

    # A form that was loaded earlier must not save any of these.
    stored_counts = ("like_count", "deletion_began")

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
    # Set while it is hidden because its likes are being deleted.
    deletion_began = models.DateTimeField(null=True, editable=False)
    # Deleting an image also deletes the actions about it.
    targeted_by = GenericRelation(Action, "target_id", "target_ct")

    objects = ImageManager()

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

    def finish_deletion(self) -> bool:
        """Delete this hidden image; False if it has so many likes that this has to be repeated."""
        for rows in (self.likes.all(), self.targeted_by.all()):
            if all(delete_batch(rows) for _batch in range(BATCHES)):
                return False
        Image._base_manager.filter(pk=self.pk).delete()
        return True

    @transaction.atomic
    def like(self, user: User) -> bool:
        """Let `user` like this image; False if they do already.

        DeletedError if the image or the user is gone.
        """
        (user,) = lock(user)
        lock(self)
        _like, created = self.likes.get_or_create(user=user)
        if created:
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
