"""Keep the profile, username and addresses of every user valid, however the user is saved."""

from functools import partial
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import get_language

from people.addresses import addresses_of, end_confirmations, notify, sync_with_user
from people.counts import deadline_of_request, settle, uncount
from people.models import Profile
from people.models.contact import FOLLOWERS, FOLLOWING
from people.password_guesses import forget_guesses
from people.usernames import skeleton, validate_not_taken, validate_path
from stream.record import lock_keys
from web.mail import send_with_change


@receiver(pre_save, sender=get_user_model())
def refuse_username(
    instance: User, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Refuse a username that cannot be in a URL or that looks like another one."""
    if not raw and (update_fields is None or "username" in update_fields):
        validate_path(instance.username)
        validate_not_taken(instance.username, instance)


@receiver(post_save, sender=get_user_model())
def ensure_profile(instance: User, raw: bool, created: bool, **kwargs: Any) -> None:
    """Create the profile if it is missing. A user made in bulk gets it by signing in."""
    # Fixtures contain their own profiles.
    if raw:
        return
    key = skeleton(instance.username)
    profile = None if created else Profile.objects.filter(user=instance).first()
    profile = profile or create_profile(instance, key, has_follows=not created)
    if profile.username_skeleton != key:
        profile.username_skeleton = key
        profile.save(update_fields=["username_skeleton"])


@transaction.atomic
def create_profile(user: User, key: str, *, has_follows: bool) -> Profile:
    """Create a profile. Count the follows if a user may have some already."""
    counts = (FOLLOWERS, FOLLOWING) if has_follows else ()
    if counts:
        # Follows take the same lock, so each is either counted here or finds the profile.
        lock_keys(User, [user.pk])
    profile, _ = Profile.objects.get_or_create(user=user, defaults={"username_skeleton": key})
    for count in counts:
        count.recount(profile)
        profile.refresh_from_db(fields=[count.field])
    return profile


@receiver(pre_delete, sender=get_user_model())
def uncount_deleted(instance: User, **kwargs: Any) -> None:
    uncount(instance)


@receiver(post_delete, sender=Profile)
def delete_photo(instance: Profile, **kwargs: Any) -> None:
    if instance.photo:
        instance.photo.delete_after_commit()


@receiver(pre_save, sender=get_user_model())
def lower_email(instance: User, **kwargs: Any) -> None:
    """Store the address in lower case, as allauth does and as lookups expect."""
    instance.email = instance.email.lower()


@receiver(post_save, sender=get_user_model())
def sync_addresses(
    instance: User, created: bool, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Update the addresses when the admin or a script changes `User.email`."""
    # allauth creates the address of a new user, and expects that there is none yet.
    if not (created or raw) and (update_fields is None or "email" in update_fields):
        sync_with_user(instance)


@receiver(post_save, sender=get_user_model())
def after_new_password(instance: User, created: bool, **kwargs: Any) -> None:
    """End pending confirmations when a password changes, and notify its owner.

    Django 6.1 keeps a new password in `_password` until it is saved. Signing in may only hash the
    old password again, and leaves `_password` empty.
    """
    if getattr(instance, "_password", None) is not None and not created:
        end_confirmations(instance)
        send_with_change(partial(notify, instance, "password_changed", addresses_of(instance)))


@receiver(post_save, sender=EmailAddress)
def sync_user(instance: EmailAddress, raw: bool, **kwargs: Any) -> None:
    """Update `User.email` when the primary address changes."""
    if instance.primary and not raw:
        people = User.objects.filter(pk=instance.user_id)
        people.exclude(email=instance.email).update(email=instance.email)


@receiver(post_delete, sender=EmailAddress)
def clear_email(instance: EmailAddress, **kwargs: Any) -> None:
    """Clear `User.email` when its row is deleted, so that no more mail is sent there."""
    User.objects.filter(pk=instance.user_id, email=instance.email).update(email="")


@receiver(account_signals.email_added)
def notify_of_added(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    notify(user, "email_added", addresses_of(user), added=email_address.email)


@receiver(account_signals.email_removed)
def notify_of_removed(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    # The mailbox of an address that was never confirmed may belong to someone else.
    removed = [email_address.email] if email_address.verified else []
    to = addresses_of(user) + removed
    notify(user, "email_removed", to, removed_confirmed=removed, removed=email_address.email)


@receiver(account_signals.email_changed)
def notify_of_changed(user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    if to_email_address.verified:
        notify(user, "email_changed", addresses_of(user), primary=to_email_address.email)


@receiver(account_signals.password_reset)
def unlock_account(user: User, **kwargs: Any) -> None:
    """Forget wrong guesses when the owner of an account has reset the password."""
    forget_guesses(user)


@receiver(user_logged_in)
def remember_language(user: User, **kwargs: Any) -> None:
    language = get_language()
    Profile.objects.filter(user=user).exclude(language=language).update(language=language)


@receiver(post_save, sender=get_user_model())
def settle_counts(
    instance: User, created: bool, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Correct the counts if the user may have been deactivated or reactivated."""
    if not (created or raw) and (update_fields is None or "is_active" in update_fields):
        settle(instance, deadline_of_request())
        if instance.is_active:
            Profile.objects.cancel_deletions([instance.pk])
