"""People: their profiles, and who follows whom."""

from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.photos import PhotoField
from stream.keyset import KeysetQuerySet
from stream.models import Action, is_active
from stream.record import create_action, lock, retract_action


class ContactQuerySet(KeysetQuerySet["Contact"]):
    def followers_of(self, user: User) -> Self:
        """Keep the active followers of `user`."""
        return self.filter(user_to=user, user_from__profile__user__is_active=True)

    def followed_by(self, user: User) -> Self:
        """Keep the active people whom `user` follows."""
        return self.filter(user_from=user, user_to__profile__user__is_active=True)

    def with_followed(self) -> Self:
        """Fetch the profiles of those who are followed."""
        return self.select_related("user_to__profile")

    def with_followers_for(self, reader: User) -> Self:
        """Fetch the profiles of the followers, as `reader` sees them."""
        cards = Profile.objects.active().for_reader(reader)
        return self.prefetch_related(Prefetch("user_from__profile", cards))

    def with_followed_for(self, reader: User) -> Self:
        """Fetch the profiles of those who are followed, as `reader` sees them."""
        cards = Profile.objects.active().for_reader(reader)
        return self.prefetch_related(Prefetch("user_to__profile", cards))

    @transaction.atomic
    def follow(self, follower: User, followed: User) -> bool:
        """Let `follower` follow `followed`; False where they did already."""
        lock(follower)
        _, created = self.get_or_create(user_from=follower, user_to=followed)
        if created:
            create_action(follower, "is following", followed)
        return created

    @transaction.atomic
    def unfollow(self, follower: User, followed: User) -> bool:
        """Undo `follow`, and withdraw what it recorded; False where there was nothing to undo."""
        lock(follower)
        deleted, _ = self.filter(user_from=follower, user_to=followed).delete()
        retract_action(follower, "is following", followed)
        return deleted > 0


class Contact(models.Model):
    """One person follows another."""

    # The follower.
    user_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="rel_from_set",
        verbose_name=_("follower"),
        db_index=False,
    )
    # The one who is followed.
    user_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="rel_to_set",
        verbose_name=_("followed"),
        db_index=False,
    )
    created = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-created"]
        indexes = [
            models.Index(fields=["user_from", "-created", "-id"]),
            models.Index(fields=["user_to", "-created", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user_from", "user_to"], name="contact_once"),
            models.CheckConstraint(
                condition=~Q(user_from=F("user_to")),
                name="contact_not_self",
                violation_error_message=_("Nobody follows themselves."),
            ),
        ]

    def __str__(self) -> str:
        names = {"follower": self.user_from, "followed": self.user_to}
        return gettext("%(follower)s follows %(followed)s") % names


def photo_path(profile: "Profile", filename: str) -> str:
    # A new name for each photo lets browsers keep the old one for ever.
    return f"people/{uuid4().hex}.webp"


class ProfileQuerySet(KeysetQuerySet["Profile"]):
    keyset = ("id",)

    def active(self) -> Self:
        return self.filter(is_active()).select_related("user")

    def named(self, username: str) -> Self:
        return self.filter(user__username=username)

    def for_reader(self, reader: User) -> Self:
        """Add the number of followers, and whether `reader` is one, to each."""
        followed = Contact.objects.filter(user_from=reader, user_to=OuterRef("user"))
        return self.annotate(
            follower_count=count_of(
                Contact.objects.filter(user_from__is_active=True), "user_to", of="user"
            ),
            is_followed=Exists(followed),
        )

    def with_following_count(self) -> Self:
        return self.annotate(
            following_count=count_of(
                Contact.objects.filter(user_to__is_active=True), "user_from", of="user"
            )
        )

    def to_suggest(self, reader: User, count: int) -> Self:
        """Keep the people other than `reader` whom most others began to follow of late."""
        latest = Contact.objects.order_by("-created").values("pk")[:500]
        contacts = Contact.objects.filter(pk__in=latest)
        others = self.active().exclude(user=reader).filter(user__in=contacts.values("user_to"))
        most = others.annotate(times=count_of(contacts, "user_to", of="user"))
        keys = most.order_by("-times", "-pk").values("pk")[:count]
        return self.active().for_reader(reader).filter(pk__in=keys).newest()


def count_of(rows: models.QuerySet[Any], field: str, of: str) -> Coalesce:
    """Count, for an annotation, the rows whose `field` is what is annotated, or its `of`."""
    mine = rows.filter(**{field: OuterRef(of)}).order_by().values(field)
    return Coalesce(Subquery(mine.values(count=Count("pk"))), 0)


class Profile(models.Model):
    """What a person tells about themselves."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    photo = PhotoField(_("photo"), upload_to=photo_path, blank=True)
    # Two usernames that a reader could take for each other cannot both exist.
    username_skeleton = models.CharField(max_length=450, unique=True, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return resolve_url(self.user)

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def tint(self) -> int:
        """Which of the six colours stands behind the drawn placeholder."""
        return self.pk % 6


# Django's own user is not replaced. `private_only` keeps the field out of its migrations.
models.ManyToManyField(
    settings.AUTH_USER_MODEL,
    through=Contact,
    related_name="followers",
    symmetrical=False,
    editable=False,
).contribute_to_class(get_user_model(), "following", private_only=True)

# Deleting a person takes along what was recorded of being followed.
GenericRelation(
    Action, content_type_field="target_ct", object_id_field="target_id"
).contribute_to_class(get_user_model(), "targeted_by")
