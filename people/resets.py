"""Password resets by a link in a mail."""

from functools import partial
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
    notify,
    people_reached_at,
)
from people.password_changes import save_password
from people.tokens import ResetTokens
from stream.record import DeletedError
from web.mail import send_with_change
from web.pages import not_found_if


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Request a reset link. One mail is sent, however many accounts the address has, even none."""

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
    """Return the link for the mail to `email` that resets the password of `user`."""
    key = f"{user_pk_to_url_str(user)}-{ResetTokens(email).make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))


class UserTokenForm(allauth_forms.UserTokenForm):
    """Check the parts of a reset link."""

    def clean(self) -> dict[str, Any]:
        # allauth expects all parts, but one that is too long is missing from the cleaned data.
        if self.errors:
            return self.cleaned_data
        return dict(super().clean())  # type: ignore[no-untyped-call]


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    """Set the new password, and remove all addresses except the one that received the link."""

    def save(self) -> None:
        user: User = self.user
        recipients, confirmed = addresses_of(user), confirmed_addresses_of(user)
        kept = ResetTokens().recipient(user, self.temp_key) or user.email
        # Hashing takes long, so do it before the lock.
        user.set_password(self.cleaned_data["password1"])
        with not_found_if(DeletedError), transaction.atomic():
            keep_only(user, kept)
            save_password(user)
            for email in recipients:
                if email != kept:
                    notice = partial(notify, user, "email_removed", [kept, email], removed=email)
                    send_with_change(partial(notice, removed_confirmed=confirmed))
