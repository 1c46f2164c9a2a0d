from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Exists, OuterRef
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from people.counted import CountedModel
from people.photos import PhotoField
from stream.keyset import KeysetQuerySet
from stream.models import Action, user_is_active

# The fields of a user that pages show of other people.
SHOWN_OF_USERS = ("username", "first_name", "last_name")


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

    def named(self, username: str) -> Self:
        return self.filter(user__username=username)

    def following_count_of(self, user: User) -> int:
        """Return how many active people `user` follows, 0 without a profile."""
        return self.filter(user=user).values_list("following_count", flat=True).first() or 0

    def for_viewer(self, viewer: User) -> Self:
        """Annotate whether `viewer` follows each person."""
        follows = viewer.rel_from_set.filter(user_to=OuterRef("user"))
        return self.annotate(is_followed=Exists(follows))


class Profile(CountedModel):
    """The public profile of a user; every user has one."""

    # A form that was loaded earlier must not save any of these.
    stored_counts = ("follower_count", "following_count", "deletion_began")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    photo = PhotoField(_("photo"), upload_to=photo_path, blank=True)
    # Usernames that look alike have the same skeleton, so only one of them can exist.
    username_skeleton = models.CharField(max_length=450, unique=True, editable=False)
    follower_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Set while the person is being deleted, which may be interrupted.
    deletion_began = models.DateTimeField(null=True, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

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

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def tint(self) -> int:
        """The number of the placeholder's background colour, 0 to 5."""
        return self.pk % 6

    def deactivate(self) -> None:
        """Hide the person and all they did at once, then take them out of the counts of others."""
        self._set_active(False)

    def reactivate(self) -> None:
        """Undo `deactivate`."""
        self._set_active(True)

    def _set_active(self, is_active: bool) -> None:
        # A signal corrects the counts.
        self.user.is_active = is_active
        self.user.save(update_fields=["is_active"])


def person_is_active(field: str) -> Exists:
    """Return a filter for rows with a user in `field`: that user is active and has a profile."""
    # With joins, PostgreSQL's plan for any value hashed all people, which took 80 ms.
    active = User.objects.filter(pk=OuterRef(field), is_active=True, profile__isnull=False)
    return Exists(active)


# Deleting a user also deletes the actions about that user.
GenericRelation(
    Action, content_type_field="target_ct", object_id_field="target_id"
).contribute_to_class(get_user_model(), "targeted_by")
