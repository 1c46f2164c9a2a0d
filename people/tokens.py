"""What makes a link to a new password good. allauth's forms import this, so it imports none."""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from people.addresses import addresses_of


class ResetTokens(PasswordResetTokenGenerator):
    """Makes the tokens of links sent to `email`, or to the primary address; checks those of all.

    A new password, a new primary address and signing in end them, as does the end of the address.
    """

    def __init__(self, email: str = "") -> None:
        super().__init__()
        self.email = email

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{self.email or user.email}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return bool(user and token and self.recipient(user, token))

    def recipient(self, user: User, token: str) -> str | None:
        """Return the address that a link was sent to; None if the link is no good."""
        for email in (user.email, *addresses_of(user)):
            # The same class, whose clock tests turn.
            if super(ResetTokens, type(self)(email)).check_token(user, token):
                return email
        return None
