from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.counted import CountedQuerySet, CountedRow
from people.counts import STORED_COUNTS, StoredCount
from people.models.profile import Profile, person_is_active
from stream.record import create_action_locked, lock, retract_action


class ContactQuerySet(CountedQuerySet["Contact"]):
    def followers_of(self, user: User) -> Self:
        """Keep the contacts of active followers of `user`."""
        # With the flag, an index leaves out inactive people. It may be behind in a deactivation.
        return self.filter(person_is_active("user_from"), user_to=user, follower_is_counted=True)

    def followed_by(self, user: User) -> Self:
        """Keep the contacts with active people that `user` follows."""
        return self.filter(person_is_active("user_to"), user_from=user, followed_is_counted=True)

    def followed_ids(self, user_id: int) -> models.QuerySet[Any, Any]:
        """Return the ids of the users that a user follows, active or not, as `person`."""
        return self.filter(user_from=user_id).values(person=F("user_to"))

    def with_followed(self) -> Self:
        """Load the profiles of the followed people."""
        return self.select_related("user_to__profile")

    def with_followers_for(self, viewer: User) -> Self:
        """Load the profiles of the followers, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer).as_cards()
        return self.prefetch_related(Prefetch("user_from__profile", profiles))

    def with_followed_for(self, viewer: User) -> Self:
        """Load the profiles of the followed people, annotated for `viewer`."""
        profiles = Profile.objects.active().for_viewer(viewer).as_cards()
        return self.prefetch_related(Prefetch("user_to__profile", profiles))

    @transaction.atomic
    def follow(self, follower: User, followed: User) -> bool:
        """Let `follower` follow `followed`; False if they do already.

        DeletedError if one of them is gone.
        """
        follower, followed = lock(follower, followed)
        if self.filter(user_from=follower, user_to=followed).exists():
            return False
        contact = Contact(user_from=follower, user_to=followed)
        contact.save_locked(follower, followed)
        recipient = Profile.objects.recipient(followed.pk, "told_of_follows", follower)
        create_action_locked(follower, "is following", followed, recipient=recipient)
        return True

    @transaction.atomic
    def unfollow(self, follower: User, followed: User) -> bool:
        """Undo `follow` and retract its action; False if there was nothing to undo."""
        lock(follower, followed)
        contact = self.filter(user_from=follower, user_to=followed).first()
        if contact:
            contact.delete_locked()
        retract_action(follower, "is following", followed)
        return contact is not None


class Contact(CountedRow):
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
    # Whether it is in the `follower_count` of `user_to`, and in the `following_count` of
    # `user_from`.
    follower_is_counted = models.BooleanField(default=False, db_default=False, editable=False)
    followed_is_counted = models.BooleanField(default=False, db_default=False, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-created"]
        indexes = [
            models.Index(fields=["user_to", "-created", "-id"]),
            # For the lists, which show active people only.
            models.Index(
                fields=["user_to", "-created", "-id"],
                condition=Q(follower_is_counted=True),
                name="contact_followers",
            ),
            models.Index(
                fields=["user_from", "-created", "-id"],
                condition=Q(followed_is_counted=True),
                name="contact_following",
            ),
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


FOLLOWERS = StoredCount(
    rows=Contact,
    flag="follower_is_counted",
    person="user_from",
    owner="user_to",
    store="people.Profile",
    key="user",
    field="follower_count",
)
FOLLOWING = StoredCount(
    rows=Contact,
    flag="followed_is_counted",
    person="user_to",
    owner="user_from",
    store="people.Profile",
    key="user",
    field="following_count",
)
STORED_COUNTS.extend([FOLLOWERS, FOLLOWING])

# `private_only` keeps the field out of the migrations of Django's own user model.
models.ManyToManyField(
    settings.AUTH_USER_MODEL,
    through=Contact,
    related_name="followers",
    symmetrical=False,
    editable=False,
).contribute_to_class(get_user_model(), "following", private_only=True)
