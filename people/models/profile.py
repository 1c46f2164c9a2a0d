from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.counted import CountOwner
from people.models.first_step import FirstStep
from people.models.told import Told, Whose
from people.photos import PhotoField
from stream.keyset import KeysetQuerySet
from stream.models import Action, user_is_active
from web.addresses import is_of_the_web

# The fields of a user that pages show of other people.
SHOWN_OF_USERS = ("username", "first_name", "last_name")
BIO_LENGTH = 500
LINK_LENGTH = 300


def photo_path(profile: "Profile", filename: str) -> str:
    # Browsers cache photos for a year, so a new photo needs a new name.
    return f"people/{uuid4().hex}.webp"


class ProfileQuerySet(KeysetQuerySet["Profile"]):
    keyset = ("id",)

    def active(self) -> Self:
        return self.filter(user_is_active()).select_related("user")

    def as_cards(self) -> Self:
        """Load only what lists of people show."""
        return self.only("photo", "follower_count", *(f"user__{name}" for name in SHOWN_OF_USERS))

    def load_cards(self, viewer: User, users: Collection[int]) -> dict[int, "Profile"]:
        """Return what feeds show of the people with these user ids, by these."""
        people = self.active().for_viewer(viewer).as_cards().filter(user__in=users)
        return {person.user_id: person for person in people}

    def named(self, username: str) -> Self:
        return self.filter(user__username=username)

    def feed_settings_of(self, user: User) -> tuple[int, bool]:
        """Return how many active people a user follows, and whether their feed is of images."""
        found = self.filter(user=user).values_list("following_count", "has_images_only").first()
        return found or (0, False)

    def choose_feed(self, user: User, *, images_only: bool) -> None:
        """Remember what the home feed of a user shows."""
        self.filter(user=user).update(has_images_only=images_only)

    def cancel_deletions(self, people: Collection[int]) -> None:
        """Let `audit` no longer complete the deletion of these people."""
        begun = self.filter(user__in=people, deletion_began__isnull=False)
        begun.update(deletion_began=None)

    def recipient(self, user_id: int, kind: str, actor: User) -> User | None:
        """Return whom to tell of an act of one kind with what is a user's: the user, or nobody."""
        follows = actor.rel_to_set.filter(user_from=OuterRef("user"))
        is_wanted = Q((kind, Whose.EVERYONE)) | Q((kind, Whose.FOLLOWED), Exists(follows))
        profile = self.filter(is_wanted, user=user_id).select_related("user").first()
        return profile.user if profile else None

    def due_for_digest(self, week: date) -> Self:
        """Keep the active people who want a weekly mail and do not have that of `week` yet."""
        return self.active().filter(weekly_digest=True).exclude(digest_week__gte=week)

    def for_viewer(self, viewer: User) -> Self:
        """Annotate whether `viewer` follows each person, and the other way round."""
        follows = viewer.rel_from_set.filter(user_to=OuterRef("user"))
        is_follower = viewer.rel_to_set.filter(user_from=OuterRef("user"))
        return self.annotate(is_followed=Exists(follows), follows_viewer=Exists(is_follower))


class Profile(Told, CountOwner):
    """The public profile of a user; every user has one."""

    kept_by_save = (
        *("follower_count", "following_count", "notifications_seen", "has_images_only"),
        *("first_step", "digest_week", "language", "deletion_began"),
    )

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    photo = PhotoField(_("photo"), upload_to=photo_path, blank=True)
    # What an earlier version of Magpie does not fill in has a default in the database.
    bio = models.TextField(_("bio"), max_length=BIO_LENGTH, blank=True, default="", db_default="")
    link = models.CharField(
        _("link"), max_length=LINK_LENGTH, blank=True, default="", db_default=""
    )
    # Usernames that look alike have the same skeleton, so only one of them can exist.
    username_skeleton = models.CharField(max_length=450, unique=True, editable=False)
    follower_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # The time of the newest notification that the person has seen.
    notifications_seen = models.DateTimeField(
        default=timezone.now, db_default=Now(), editable=False
    )
    # Whether the home feed shows what people did with images, and nothing else.
    has_images_only = models.BooleanField(default=False, db_default=False, editable=False)
    # Only signing up starts the steps, so those who were here before are done.
    first_step = models.CharField(
        max_length=7,
        choices=FirstStep,
        default=FirstStep.DONE,
        db_default=FirstStep.DONE,
        editable=False,
    )
    weekly_digest = models.BooleanField(
        _("weekly mail about what happened"), default=False, db_default=False
    )
    # The Monday of the last week whose mail was begun.
    digest_week = models.DateField(null=True, editable=False)
    # That of the last sign-in, for mail that no request causes.
    language = models.CharField(
        max_length=20, blank=True, default="", db_default="", editable=False
    )
    # Set while the person is being deleted, which may be interrupted.
    deletion_began = models.DateTimeField(null=True, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta(Told.Meta):
        abstract = False
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            *Told.Meta.constraints,
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("bio"), BIO_LENGTH), name="profile_bio_is_short"
            ),
            models.CheckConstraint(
                condition=is_of_the_web("link") & Q(LessThanOrEqual(Length("link"), LINK_LENGTH)),
                name="profile_link_is_of_the_web",
            ),
            models.CheckConstraint(
                condition=Q(first_step__in=FirstStep.values), name="profile_first_step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the profile. The file of a photo that was replaced is deleted after the commit."""
        fields = kwargs.get("update_fields")
        may_change = not self._state.adding and (fields is None or "photo" in fields)
        old = Profile.objects.filter(pk=self.pk).first() if may_change else None
        super().save(*args, **kwargs)
        if old and old.photo and old.photo.name != self.photo.name:
            old.photo.delete_after_commit()

    def get_absolute_url(self) -> str:
        return resolve_url(self.user)

    def see_notifications(self, newest: datetime) -> None:
        """Mark the notifications up to the newest as seen."""
        unseen = Profile.objects.filter(pk=self.pk, notifications_seen__lt=newest)
        unseen.update(notifications_seen=newest)

    def go_to_step(self, step: FirstStep) -> None:
        """Let the first visit go on at a step. Nothing leads back from the end."""
        profile = Profile.objects.filter(pk=self.pk)
        profile.exclude(first_step=FirstStep.DONE).update(first_step=step)

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def link_text(self) -> str:
        """The link as it is shown."""
        return self.link.partition("://")[2].removeprefix("www.").removesuffix("/")

    @property
    def tint(self) -> int:
        """The number of the placeholder's background colour, 0 to 5."""
        return self.pk % 6


def person_is_active(field: str) -> Exists:
    """Return a filter for rows with a user in `field`: that user is active and has a profile."""
    # With joins, PostgreSQL's plan for any value hashed all people, which took 80 ms.
    active = User.objects.filter(pk=OuterRef(field), is_active=True, profile__isnull=False)
    return Exists(active)


# Deleting a user also deletes the actions about that user.
GenericRelation(
    Action, content_type_field="target_ct", object_id_field="target_id"
).contribute_to_class(get_user_model(), "targeted_by")
