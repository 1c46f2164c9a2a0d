"""Every user has a profile, however the user was made, and a way in after a password reset."""

from typing import Any

from allauth.account.signals import password_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from people.models import Profile
from people.password_guesses import forget_guesses
from people.usernames import skeleton, validate_not_taken, validate_path


@receiver(pre_save, sender=get_user_model())
def refuse_username(
    instance: User, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Refuse, before anything is saved, a name that no page can show or that passes for another."""
    if not raw and (update_fields is None or "username" in update_fields):
        validate_path(instance.username)
        validate_not_taken(instance.username, instance)


@receiver(post_save, sender=get_user_model())
def keep_profile(instance: User, raw: bool, **kwargs: Any) -> None:
    """Make the profile where there is none; signing in saves, and so mends a user made in bulk."""
    # A fixture brings its own profiles.
    if raw:
        return
    key = skeleton(instance.username)
    profile, _ = Profile.objects.get_or_create(user=instance, defaults={"username_skeleton": key})
    if profile.username_skeleton != key:
        profile.username_skeleton = key
        profile.save(update_fields=["username_skeleton"])


@receiver(password_reset)
def open_account(user: User, **kwargs: Any) -> None:
    """Undo what strangers' guesses did to an account whose owner has reset the password."""
    forget_guesses(user)
