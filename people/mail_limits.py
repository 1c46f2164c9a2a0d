"""Limits on mail to people who may not have asked for it."""

from typing import Any

from django.contrib.auth.models import User

from web.limits import DAY, Limit
from web.mailboxes import mailbox

PER_MAILBOX = Limit("confirmation mail to mailbox", 5, DAY)
PER_PERSON = Limit("confirmation mail of person", 5, DAY)
# Counted for each account, so that nobody else can use up the notices of its owner.
NOTICES = Limit("notice of account to confirmed mailbox", 100, DAY)
# Anyone can enter a stranger's address in any number of accounts.
UNCONFIRMED_NOTICES = Limit("notice to unconfirmed mailbox", 5, DAY)
# Anyone can have these sent to any address. Password reset links are limited by their URL.
CONFIRMATION = "account/email/email_confirmation"
LIMITED = {CONFIRMATION, f"{CONFIRMATION}_signup", "account/email/account_already_exists"}


def exceeded(template_prefix: str, email: str, context: dict[str, Any]) -> Limit | None:
    """Count a mail, and return the limit that it exceeds, if any."""
    # The mails of a signup are not sent on behalf of an existing account.
    if template_prefix == CONFIRMATION and not PER_PERSON.count(context["user"].pk):
        return PER_PERSON
    if template_prefix in LIMITED and not PER_MAILBOX.count(mailbox(email)):
        return PER_MAILBOX
    return None


def admits_notice(user: User, email: str, *, is_confirmed: bool) -> bool:
    """Count a notice about the account of `user`, and return whether it may be sent."""
    if is_confirmed:
        return NOTICES.count(f"{user.pk} {mailbox(email)}")
    return UNCONFIRMED_NOTICES.count(mailbox(email))
