"""The email addresses of people, and the notices sent to them.

allauth stores each address as an `EmailAddress`; `User.email` is the primary one. An address
belongs to an account once it is confirmed. People who have confirmed none get their mail at the
primary one.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.urls import reverse

from people.mail_limits import admits_notice
from stream.record import lock

logger = logging.getLogger(__name__)
# Anyone can sign up with an address that is not theirs. A mail lists at most this many accounts.
MAX_UNCONFIRMED = 5


def owner_of(email: str) -> User | None:
    """Return the person who has confirmed an address; None if nobody has."""
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True)
    address = confirmed.select_related("user").first()
    return address.user if address else None


def people_reached_at(email: str) -> list[User]:
    """Return the active people who may reset their password with a link sent to `email`."""
    if owner := owner_of(email):
        return [owner] if owner.is_active else []
    people = User.objects.filter(email=email.lower(), is_active=True)
    return list(people.exclude(emailaddress__verified=True).order_by("pk")[:MAX_UNCONFIRMED])


def addresses_of(user: User) -> list[str]:
    """Return all confirmed addresses of a person, or the primary one if none is confirmed."""
    return confirmed_addresses_of(user) or [user.email] * bool(user.email)


def confirmed_addresses_of(user: User) -> list[str]:
    """Return all confirmed addresses of a person, the primary one first."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return [address.email for address in confirmed]


@transaction.atomic
def keep_only(user: User, email: str) -> None:
    """Make `email` the only address of a person. Links sent to any other address stop working."""
    lock(user)
    email = email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    if email:
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True})
    User.objects.filter(pk=user.pk).update(email=email)
    user.email = email


def ensure_primary(user: User) -> None:
    """Create the row for `user.email` if it is missing, as for users made by a script."""
    if user.email and not EmailAddress.objects.filter(user=user).exists():
        # A concurrent request may have created it since.
        EmailAddress.objects.get_or_create(
            user=user, email=user.email.lower(), defaults={"primary": True}
        )


def sync_with_user(user: User) -> None:
    """Make `user.email` the only address of a person if it differs from the primary one."""
    primary = EmailAddress.objects.filter(user=user, primary=True).first()
    has_others = EmailAddress.objects.filter(user=user).exists()
    if (primary.email != user.email.lower()) if primary else (has_others and user.email):
        keep_only(user, user.email)


def is_confirmed_by(key: str) -> bool:
    """Return whether the address of a valid confirmation link is confirmed already."""
    days = app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    try:
        pk = signing.loads(key, max_age=timedelta(days=days), salt=app_settings.SALT)
    except signing.BadSignature:
        return False
    return EmailAddress.objects.filter(pk=pk, verified=True).exists()


@transaction.atomic
def end_confirmations(user: User) -> None:
    """End all confirmation links. Delete unconfirmed addresses except the primary one."""
    lock(user)
    pending = EmailAddress.objects.filter(user=user, verified=False)
    is_primary_pending = pending.filter(email=user.email.lower()).exists()
    # A link contains the key of the row, so a new row for the same address ends the link.
    pending.delete()
    if is_primary_pending:
        EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True)


def notify(
    user: User,
    template: str,
    to: Iterable[str],
    *,
    removed_confirmed: Iterable[str] = (),
    **context: str,
) -> None:
    """Send the mail `template` about the account of `user` to each of the addresses `to`.

    `removed_confirmed` are addresses that were confirmed until this change removed them.
    """
    confirmed = {*confirmed_addresses_of(user), *removed_confirmed}
    context |= {"username": user.get_username()}
    context |= {"password_reset_url": reverse("account_reset_password")}
    for email in dict.fromkeys(to):
        if not admits_notice(user, email, is_confirmed=email in confirmed):
            continue
        try:
            get_adapter().send_mail(f"account/email/{template}", email, context)
        except OSError:
            # The change itself is saved, and other addresses may be reachable.
            logger.exception("A notice could not be sent.")
