"""The email addresses of people: who has one, who is told at which, and which ones stay.

allauth keeps the addresses in rows of their own; `User.email` is the primary one among them. An
address counts once its owner has confirmed it. Somebody who has confirmed none is still reached at
the primary one.
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
# Anybody can sign up with an address that is not theirs; a mail lists no more accounts than this.
MAX_UNCONFIRMED = 5


def owner_of(email: str) -> User | None:
    """Return the person who has confirmed an address; there is one at most."""
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True)
    address = confirmed.select_related("user").first()
    return address.user if address else None


def people_reached_at(email: str) -> list[User]:
    """Return the active people who may choose a new password by a link sent to `email`."""
    if owner := owner_of(email):
        return [owner] if owner.is_active else []
    people = User.objects.filter(email=email.lower(), is_active=True)
    return list(people.exclude(emailaddress__verified=True).order_by("pk")[:MAX_UNCONFIRMED])


def addresses_of(user: User) -> list[str]:
    """Return where a person is reached: at all confirmed addresses, or else at the primary one."""
    return confirmed_addresses_of(user) or [user.email] * bool(user.email)


def confirmed_addresses_of(user: User) -> list[str]:
    """Return all confirmed addresses of a person, the primary one first."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return [address.email for address in confirmed]


@transaction.atomic
def keep_only(user: User, email: str) -> None:
    """Make `email` the only address of a person. Links to any other lead nowhere."""
    lock(user)
    email = email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    if email:
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True})
    User.objects.filter(pk=user.pk).update(email=email)
    user.email = email


def ensure_primary(user: User) -> None:
    """Give a person whose `email` is no row yet, as scripts leave it, a row for it."""
    if user.email and not EmailAddress.objects.filter(user=user).exists():
        # Two requests at once may both find none.
        EmailAddress.objects.get_or_create(
            user=user, email=user.email.lower(), defaults={"primary": True}
        )


def follow_user(user: User) -> None:
    """Drop the addresses of a person whose `email` was changed to another than the primary one."""
    primary = EmailAddress.objects.filter(user=user, primary=True).first()
    has_others = EmailAddress.objects.filter(user=user).exists()
    if (primary.email != user.email.lower()) if primary else (has_others and user.email):
        keep_only(user, user.email)


@transaction.atomic
def is_confirmed_by(key: str) -> bool:
    """Return whether the address of a valid confirmation link is confirmed already."""
    days = app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    try:
        pk = signing.loads(key, max_age=timedelta(days=days), salt=app_settings.SALT)
    except signing.BadSignature:
        return False
    return EmailAddress.objects.filter(pk=pk, verified=True).exists()


def end_confirmations(user: User) -> None:
    """End all links to confirm an address; of the unconfirmed ones, keep the primary alone."""
    lock(user)
    pending = EmailAddress.objects.filter(user=user, verified=False)
    is_primary_pending = pending.filter(email=user.email.lower()).exists()
    # A link names the row, and rows never get the number of an earlier one.
    pending.delete()
    if is_primary_pending:
        EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True)


def tell(
    user: User,
    news: str,
    to: Iterable[str],
    *,
    removed_confirmed: Iterable[str] = (),
    **context: str,
) -> None:
    """Send the mail `news` about the account of `user` to each of the addresses.

    `removed_confirmed` names those that were confirmed addresses of the account until just now.
    """
    confirmed = {*confirmed_addresses_of(user), *removed_confirmed}
    context |= {"username": user.get_username()}
    context |= {"password_reset_url": reverse("account_reset_password")}
    for email in dict.fromkeys(to):
        if not admits_notice(user, email, is_confirmed=email in confirmed):
            continue
        try:
            get_adapter().send_mail(f"account/email/{news}", email, context)
        except OSError:
            # The change itself is saved, and other addresses may be reachable.
            logger.exception("A notice could not be sent.")
