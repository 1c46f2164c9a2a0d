"""How much mail may go to people who perhaps did not ask for it."""

import unicodedata
from typing import Any

from web.limits import DAY, Limit

TO_MAILBOX = Limit("confirmation mail to mailbox", 5, DAY)
OF_PERSON = Limit("confirmation mail of person", 5, DAY)
# A person who does something to their account again and again may have given a stranger's address.
NOTICES = Limit("notice to mailbox", 20, DAY)
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


def mailbox(email: str) -> str:
    """Return one spelling for addresses whose mail arrives in the same mailbox."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    name, _, domain = folded.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"
