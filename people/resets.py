"""Choosing a new password by a link in mail."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from people.addresses import (
    addresses_of,
    confirmed_addresses_of,
    keep_only,
    people_reached_at,
    tell,
)
from people.tokens import ResetTokens


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Ask for a link. One mail is sent, whether nobody has the address, somebody or several."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self.users = people_reached_at(email)
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if not self.users:
            return str(super().save(request, **kwargs))
        links = {user.get_username(): reset_url(user, email) for user in self.users}
        get_adapter().send_mail("account/email/password_reset_key", email, {"links": links})
        return email


def reset_url(user: User, email: str) -> str:
    """Return the link that lets anyone who reads the mail to `email` choose a password."""
    key = f"{user_pk_to_url_str(user)}-{ResetTokens(email).make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))


class UserTokenForm(allauth_forms.UserTokenForm):
    """Check the parts of a link."""

    def clean(self) -> dict[str, Any]:
        # A part that was too long is missing, for which allauth is not prepared.
        if self.errors:
            return self.cleaned_data
        return dict(super().clean())  # type: ignore[no-untyped-call]


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    """Set the new password. All addresses but the one that got the link leave the account."""

    def save(self) -> None:
        user: User = self.user
        told, confirmed = addresses_of(user), confirmed_addresses_of(user)
        kept = ResetTokens().recipient(user, self.temp_key) or user.email
        with transaction.atomic():
            keep_only(user, kept)
            super().save()
        for email in told:
            if email != kept:
                to = [kept, email]
                tell(user, "email_removed", to, removed_confirmed=confirmed, removed=email)
