"""Profiles, and the follow relation."""

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
from stream.models import Action, user_is_active
from stream.record import create_action_locked, lock, retract_action


class ContactQuerySet(KeysetQuerySet["Contact"]):
    def followers_of(self, user: User) -> Self:
        """Keep the contacts of active followers of `user`."""
        return self.filter(user_to=user, user_from__profile__user__is_active=True)

    def followed_by(self, user: User) -> Self:
        """Keep the contacts with active people that `user` follows."""
        return self.filter(user_from=user, user_to__profile__user__is_active=True)

    def followed_ids(self, user_id: int) -> models.QuerySet[Any, Any]:
        """Return the ids of the users that a user follows, active or not, as `person`."""
        return self.filter(user_from=user_id).values(person=F("user_to"))

    def count_followed(self, user: User, limit: int) -> int:
        """Count the users that `user` follows, up to `limit`; 0 if none of them is active."""
        some_active = Exists(self.followed_by(user))
        return self.filter(some_active, user_from=user)[:limit].count()

    def with_followed(self) -> Self:
        """Load the profiles of the followed people."""
        return self.select_related("user_to__profile")

    def with_followers_for(self, viewer: User) -> Self:
        """Load the profiles of the followers, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer)
        return self.prefetch_related(Prefetch("user_from__profile", profiles))

    def with_followed_for(self, viewer: User) -> Self:
        """Load the profiles of the followed people, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer)
        return self.prefetch_related(Prefetch("user_to__profile", profiles))

    @transaction.atomic
    def follow(self, follower: User, followed: User) -> bool:
        """Let `follower` follow `followed`; False if they do already.

        DeletedError if one of them is gone.
        """
        lock(follower, followed)
        _, created = self.get_or_create(user_from=follower, user_to=followed)
        if created:
            create_action_locked(follower, "is following", followed)
        return created

    @transaction.atomic
    def unfollow(self, follower: User, followed: User) -> bool:
        """Undo `follow` and retract its action; False if there was nothing to undo."""
        lock(follower, followed)
        deleted, _ = self.filter(user_from=follower, user_to=followed).delete()
        retract_action(follower, "is following", followed)
        return deleted > 0


class Contact(models.Model):
    """The follow relation: `user_from` follows `user_to`."""

    user_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="rel_from_set",
        verbose_name=_("follower"),
        db_index=False,
    )
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
                violation_error_message=_("People cannot follow themselves."),
            ),
        ]

    def __str__(self) -> str:
        names = {"follower": self.user_from, "followed": self.user_to}
        return gettext("%(follower)s follows %(followed)s") % names


def photo_path(profile: "Profile", filename: str) -> str:
    # Browsers cache photos for a year, so a new photo needs a new name.
    return f"people/{uuid4().hex}.webp"


class ProfileQuerySet(KeysetQuerySet["Profile"]):
    keyset = ("id",)

    def active(self) -> Self:
        return self.filter(user_is_active()).select_related("user")

    def named(self, username: str) -> Self:
        return self.filter(user__username=username)

    def for_viewer(self, viewer: User) -> Self:
        """Annotate the number of followers, and whether `viewer` is one of them."""
        followed = Contact.objects.filter(user_from=viewer, user_to=OuterRef("user"))
        return self.annotate(
            follower_count=count_of(
                Contact.objects.filter(user_from__is_active=True), "user_to", of="user"
            ),
            is_followed=Exists(followed),
        )

    def with_following_count(self) -> Self:
        """Annotate the number of active people that each follows."""
        return self.annotate(
            following_count=count_of(
                Contact.objects.filter(user_to__is_active=True), "user_from", of="user"
            )
        )

    def to_suggest(self, viewer: User, count: int) -> Self:
        """Keep the `count` people other than the viewer who gained the most followers recently."""
        latest = Contact.objects.order_by("-created").values("pk")[:500]
        contacts = Contact.objects.filter(pk__in=latest)
        others = self.active().exclude(user=viewer).filter(user__in=contacts.values("user_to"))
        ranked = others.annotate(new_followers=count_of(contacts, "user_to", of="user"))
        keys = ranked.order_by("-new_followers", "-pk").values("pk")[:count]
        return self.active().for_viewer(viewer).filter(pk__in=keys).newest()


def count_of(rows: models.QuerySet[Any], field: str, of: str) -> Coalesce:
    """Return an annotation: the number of `rows` whose `field` equals `of` of the annotated row."""
    matching = rows.filter(**{field: OuterRef(of)}).order_by().values(field)
    return Coalesce(Subquery(matching.values(count=Count("pk"))), 0)


class Profile(models.Model):
    """The public profile of a user; every user has one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    photo = PhotoField(_("photo"), upload_to=photo_path, blank=True)
    # Usernames that look alike have the same skeleton, so only one of them can exist.
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
        """The number of the placeholder's background colour, 0 to 5."""
        return self.pk % 6


# `private_only` keeps the field out of the migrations of Django's own user model.
models.ManyToManyField(
    settings.AUTH_USER_MODEL,
    through=Contact,
    related_name="followers",
    symmetrical=False,
    editable=False,
).contribute_to_class(get_user_model(), "following", private_only=True)

# Deleting a user also deletes the actions about that user.
GenericRelation(
    Action, content_type_field="target_ct", object_id_field="target_id"
).contribute_to_class(get_user_model(), "targeted_by")
