"""How much mail may go to people who perhaps did not ask for it."""

from typing import Any

from django.contrib.auth.models import User

from web.limits import DAY, Limit
from web.mailboxes import mailbox

TO_MAILBOX = Limit("confirmation mail to mailbox", 5, DAY)
OF_PERSON = Limit("confirmation mail of person", 5, DAY)
# Each account counts alone: what others do must not use up the notices of an owner.
NOTICES = Limit("notice of account to confirmed mailbox", 100, DAY)
# Anybody can give a stranger's address to any number of accounts.
UNCONFIRMED_NOTICES = Limit("notice to unconfirmed mailbox", 5, DAY)
# Anyone can have these sent to any address. Links to a new password are limited by the URL.
CONFIRMATION = "account/email/email_confirmation"
LIMITED = {CONFIRMATION, f"{CONFIRMATION}_signup", "account/email/account_already_exists"}


def exceeded(template_prefix: str, email: str, context: dict[str, Any]) -> Limit | None:
    """Count a mail, and return the limit that forbids it, if one does."""
    # On signing up there is no person yet, or only the one who has the address already.
    if template_prefix == CONFIRMATION and not OF_PERSON.count(context["user"].pk):
        return OF_PERSON
    if template_prefix in LIMITED and not TO_MAILBOX.count(mailbox(email)):
        return TO_MAILBOX
    return None


def admits_notice(user: User, email: str, *, is_confirmed: bool) -> bool:
    """Count a notice about the account of `user`, and return whether it may be sent."""
    if is_confirmed:
        return NOTICES.count(f"{user.pk} {mailbox(email)}")
    return UNCONFIRMED_NOTICES.count(mailbox(email))
