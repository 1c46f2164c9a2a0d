import unicodedata
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import unsent
from people.adapters import session_end
from people.addresses import owner_of
from people.models import Profile
from people.models.first_step import FirstStep
from people.password_changes import SetOnlyPassword
from people.usernames import MAX_LENGTH, skeleton
from stream.record import create_action
from web.fields import MAX_EMAIL_LENGTH

# The longest time between the first and the second press of a button.
DOUBLE_PRESS = timedelta(minutes=1)


class LoginForm(allauth_forms.LoginForm):
    """Sign in with a username or an email address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Username or email")
        widget = forms.TextInput({"autocomplete": "username"})
        self.fields["login"] = forms.CharField(
            label=label, max_length=MAX_EMAIL_LENGTH, widget=widget
        )

    def user_credentials(self) -> dict[str, Any]:
        """Return the username and the password to check, also if there is no such user.

        `email` is the text as typed, by which the adapter counts wrong passwords.
        """
        login: str = self.cleaned_data["login"]
        # Spellings of one username share a skeleton. The database ignores case for ASCII only.
        person = Profile.objects.filter(username_skeleton=skeleton(login)).first()
        credentials = {"username": login, "password": self.cleaned_data["password"]}
        if user := person.user if person else owner_of(login):
            credentials["username"] = user.get_username()
        return credentials if person else credentials | {"email": login}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        # allauth sets an expiry that moves with each write to the session.
        request.session.set_expiry(session_end())
        unsent.keep(request)
        return response


class SignupForm(allauth_forms.SignupForm):
    """Sign up: create the user, the email address and the first action in one transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.help_text = _(
            "Letters and digits, with single dots, hyphens or underscores between them."
        )
        username.widget.attrs |= {
            "maxlength": MAX_LENGTH,
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["password1"].help_text = _(
            "At least 8 characters, hard to guess, and not only digits."
        )

    def clean_username(self) -> str:
        # Unicode has several spellings for the same letters.
        self.cleaned_data["username"] = unicodedata.normalize("NFKC", self.cleaned_data["username"])
        return super().clean_username()

    def account_of_first_press(self) -> User | None:
        """Return the account that the same form created a moment ago, if any."""
        if set(self.errors) != {"username"}:
            return None
        username = unicodedata.normalize("NFKC", self.data.get("username", ""))
        since = timezone.now() - DOUBLE_PRESS
        users = User.objects.filter(
            username=username, email__iexact=self.cleaned_data["email"], date_joined__gte=since
        )
        user = users.filter(is_active=True).first()
        with suppress(ValidationError):
            if user and get_adapter().reauthenticate(user, self.cleaned_data["password1"]):
                return user
        return None

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = cast("User", super().save(request))
        Profile.objects.filter(user=user).update(first_step=FirstStep.PROFILE)
        create_action(user, "has created an account")
        return user


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Change the password. Wrong passwords count as they do for signing in."""

    def clean_oldpassword(self) -> str:
        return own_password(cast("User", self.user), self.cleaned_data["oldpassword"])


class StaffPasswordChangeForm(SetOnlyPassword, AdminPasswordChangeForm):
    """Change the password in the admin. Wrong passwords count as they do for signing in."""

    def clean_old_password(self) -> str:
        return own_password(self.user, self.cleaned_data["old_password"])


def own_password(user: User, password: str) -> str:
    """Return the password if it is right; ValidationError if it is wrong or over a limit."""
    adapter = get_adapter()
    if not adapter.reauthenticate(user, password):
        raise adapter.validation_error("enter_current_password")
    return password
