from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from images.files import ImageField, ImageFile
from images.models.image_queryset import ImageManager
from images.models.source import Sourced
from people.counted import CountOwner
from people.deletion import delete_batch
from people.models import Profile
from stream.models import Action
from stream.record import create_action_locked, lock, retract_action
from web.addresses import is_of_the_web
from web.indexes import PrefixIndex

# Slugs that would make an image's URL that of another view, such as /images/5/like/.
RESERVED_SLUGS = {"like", "likes", "save", "edit", "delete"}
# The fields of an image that stay the same when somebody else saves it.
COPIED = ("title", "alt", "url", "page_url", "credit", "image", "width", "height", "is_animated")
# Those in which people say what they see.
WORDS = ("title", "alt", "description")
CARD_HEIGHT = 200


class Image(Sourced, CountOwner):
    """An image that a person found on the web and saved."""

    kept_by_save = ("like_count", "deletion_began")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="images_created",
        verbose_name=_("user"),
        db_index=False,
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=200, allow_unicode=True, editable=False, db_index=False)
    # What an earlier version of Magpie does not fill in has a default in the database.
    alt = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("What the image shows, for people who cannot see it."),
    )
    # None for images that an earlier version saved, until `prune` adopts them.
    file = models.ForeignKey(
        ImageFile,
        models.PROTECT,
        related_name="images",
        null=True,
        editable=False,
        db_index=False,
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
            models.Index(fields=["user", "file"]),
            models.Index(fields=["file", "id"]),
            models.Index(fields=["via"], condition=Q(via__isnull=False), name="image_via"),
            models.Index(
                fields=["found_by"], condition=Q(found_by__isnull=False), name="image_found_by"
            ),
            PrefixIndex(fields=["title"], name="image_title_prefix"),
        ]
        constraints = [
            models.CheckConstraint(condition=is_of_the_web("url"), name="image_url_is_of_the_web"),
            models.CheckConstraint(
                condition=is_of_the_web("page_url"), name="image_page_url_is_of_the_web"
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

    def finish_deletion(self) -> Iterator[None]:
        """Delete this hidden image, with a batch of its likes or actions at each step."""
        for rows in (self.likes.all(), self.targeted_by.all()):
            while delete_batch(rows):
                yield
        Image._base_manager.filter(pk=self.pk).delete()

    @transaction.atomic
    def like(self, user: User) -> bool:
        """Let `user` like this image; False if they do already.

        DeletedError if the image or the user is gone.
        """
        (user,) = lock(user)
        (image,) = lock(self)
        if self.likes.filter(user=user).exists():
            return False
        self.likes.model(image=self, user=user).save_locked(user)
        recipient = image.recipient("told_of_likes", user)
        create_action_locked(user, "likes", self, recipient=recipient)
        return True

    @transaction.atomic
    def unlike(self, user: User) -> bool:
        """Undo `like` and retract its action; False if there was nothing to undo."""
        lock(user)
        lock(self)
        like = self.likes.filter(user=user).first()
        if like:
            like.delete_locked()
        retract_action(user, "likes", self)
        return like is not None

    @transaction.atomic
    def save_again(self, user: User, **typed: str) -> "Image":
        """Save this image for `user` with credit, and return theirs, which they may have already.

        What was typed takes the place of its title, alternative text and description.
        DeletedError if the image or the user is gone.
        """
        (user,) = lock(user)
        if self.file:
            # `rename_files` locks the file before the image, too.
            self.file.use()
        (image,) = lock(self)
        same = Q(file=image.file) if image.file else Q(image=image.image.name)
        if theirs := user.images_created.filter(same).first():
            return theirs
        copied = {name: getattr(image, name) for name in COPIED}
        copied |= {name: typed[name] for name in WORDS if typed.get(name)}
        copied |= {"via": image.user, "found_by": image.found_by or image.user}
        told = {"recipient": image.recipient("told_of_saves", user), "about": image}
        return Image.objects.record(user, image.file, told, **copied)

    def recipient(self, kind: str, actor: User) -> User | None:
        """Return whom to tell of an act with this image: its owner, unless they did it."""
        owner = self.user_id
        return Profile.objects.recipient(owner, kind, actor) if owner != actor.pk else None

    @property
    def shape(self) -> int:
        """Ten times its width divided by its height, within the range that the gallery shows."""
        return min(max(round(10 * self.width / self.height), 5), 30)

    @property
    def card_width(self) -> int:
        """The width of its card in pixels, where no style sheet says otherwise."""
        return self.shape * CARD_HEIGHT // 10

    @property
    def alt_text(self) -> str:
        """What replaces the image where it is not shown."""
        return self.alt or self.title
