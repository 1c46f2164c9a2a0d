"""Every user has a profile, however the user was made."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from people.models import Profile
from people.usernames import skeleton, validate_not_taken


def concerns_username(raw: bool, update_fields: frozenset[str] | None) -> bool:
    # A fixture brings its own profiles; a login saves nothing but its date.
    return not raw and (update_fields is None or "username" in update_fields)


@receiver(pre_save, sender=get_user_model())
def refuse_lookalike(
    instance: User, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    if concerns_username(raw, update_fields):
        validate_not_taken(instance.username, instance)


@receiver(post_save, sender=get_user_model())
def keep_profile(
    instance: User, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    if concerns_username(raw, update_fields):
        Profile.objects.update_or_create(
            user=instance, defaults={"username_skeleton": skeleton(instance.username)}
        )
