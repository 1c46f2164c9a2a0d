"""Keep profile, username and addresses of every user right, however the user is saved."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from people.addresses import addresses_of, end_confirmations, follow_user, tell
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


@receiver(pre_save, sender=get_user_model())
def lower_email(instance: User, **kwargs: Any) -> None:
    """Store addresses in lower case, as allauth does and as lookups expect."""
    instance.email = instance.email.lower()


@receiver(post_save, sender=get_user_model())
def follow_email(
    instance: User, created: bool, raw: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Let the addresses follow `User.email` when the admin or a script changes it."""
    # A new user gets addresses from allauth, which wants to find none.
    if not (created or raw) and (update_fields is None or "email" in update_fields):
        follow_user(instance)


@receiver(post_save, sender=get_user_model())
def act_on_new_password(instance: User, created: bool, **kwargs: Any) -> None:
    """End pending confirmations when a password changes, and tell the person of it.

    Django (6.1) keeps a password that was set in `_password` until it is saved. A password that is
    only hashed again, on signing in, is not there.
    """
    if getattr(instance, "_password", None) is not None and not created:
        end_confirmations(instance)
        tell(instance, "password_changed", addresses_of(instance))


@receiver(post_save, sender=EmailAddress)
def follow_primary(instance: EmailAddress, raw: bool, **kwargs: Any) -> None:
    """Let `User.email` follow the primary address, wherever that is changed."""
    if instance.primary and not raw:
        people = User.objects.filter(pk=instance.user_id)
        people.exclude(email=instance.email).update(email=instance.email)


@receiver(post_delete, sender=EmailAddress)
def forget_deleted(instance: EmailAddress, **kwargs: Any) -> None:
    """Clear `User.email` when its row is deleted, so that no mail goes there any more."""
    User.objects.filter(pk=instance.user_id, email=instance.email).update(email="")


@receiver(account_signals.email_added)
def tell_of_added(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    tell(user, "email_added", addresses_of(user), added=email_address.email)


@receiver(account_signals.email_removed)
def tell_of_removed(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    # Somebody else may have the mailbox of an address that was never confirmed.
    removed = [email_address.email] if email_address.verified else []
    told = addresses_of(user) + removed
    tell(user, "email_removed", told, removed_confirmed=removed, removed=email_address.email)


@receiver(account_signals.email_changed)
def tell_of_changed(user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    if to_email_address.verified:
        tell(user, "email_changed", addresses_of(user), primary=to_email_address.email)


@receiver(account_signals.password_reset)
def open_account(user: User, **kwargs: Any) -> None:
    """Undo what strangers' guesses did to an account whose owner has reset the password."""
    forget_guesses(user)
