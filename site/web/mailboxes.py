"""Which spellings of an email address reach the same mailbox."""

import re
import unicodedata

from web.fields import MAX_EMAIL_LENGTH


def mailbox(email: str) -> str:
    """Return one spelling for addresses whose mail arrives in the same mailbox."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    name, _, domain = folded.rpartition("@")
    if re.fullmatch(r'".*"', name, re.DOTALL):
        # "x", in quotes and with or without backslashes, is another way to write x.
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return f"{name.partition('+')[0]}@{domain}"


def counted_as(email: str) -> str:
    """Return the text by which to limit requests for links to an address.

    A plain address counts by itself, so that requests for other spellings, whose mails carry no
    link of its owner, leave it alone. All other spellings of a mailbox count together.
    """
    # A longer text is no address; normalizing it could take long.
    typed = email.strip().lower()[: MAX_EMAIL_LENGTH + 1]
    folded = mailbox(typed)
    return typed if typed == folded else f"other spellings of {folded}"
