"""Tokens of password reset links. allauth's forms import this module, so it imports no form."""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from people.addresses import addresses_of


class ResetTokens(PasswordResetTokenGenerator):
    """Make the tokens of links sent to `email`, by default the primary address, and check them.

    A token becomes invalid when the password or the primary address changes, when the user signs
    in, and when the address that it was sent to is removed.
    """

    def __init__(self, email: str = "") -> None:
        super().__init__()
        self.email = email

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{self.email or user.email}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return bool(user and token and self.recipient(user, token))

    def recipient(self, user: User, token: str) -> str | None:
        """Return the address that a link was sent to, or None if the link is not valid."""
        for email in (user.email, *addresses_of(user)):
            if super(ResetTokens, ResetTokens(email)).check_token(user, token):
                return email
        return None
