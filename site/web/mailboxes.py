"""Recognize spellings of an email address that reach the same mailbox."""

import re
import unicodedata

from web.fields import MAX_EMAIL_LENGTH


def mailbox(email: str) -> str:
    """Return a spelling that all addresses of one mailbox share."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    name, _, domain = folded.rpartition("@")
    if re.fullmatch(r'".*"', name, re.DOTALL):
        # "x" in quotes, with or without backslashes, means x.
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return f"{name.partition('+')[0]}@{domain}"


def limit_key(email: str) -> str:
    """Return the key by which to limit requests for links to an address.

    The shared spelling has a count of its own. Mails to other spellings contain no link to the
    owner's account, so they must not use up that count. They share a second one.
    """
    # A longer text is not an address, and normalizing it could take long.
    typed = email.strip().lower()[: MAX_EMAIL_LENGTH + 1]
    folded = mailbox(typed)
    return typed if typed == folded else f"other spellings of {folded}"
