import unicodedata
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

from people.adapters import session_end
from people.addresses import owner_of
from people.models import Profile
from people.names import validate_full_name, validate_visible
from people.usernames import MAX_LENGTH, skeleton
from stream.record import create_action, lock
from web.fields import MAX_EMAIL_LENGTH

MAX_AGE = 130


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

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = cast("User", super().save(request))
        create_action(user, "has created an account")
        return user


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Change the password. Wrong passwords count as they do for signing in."""

    def clean_oldpassword(self) -> str:
        return own_password(cast("User", self.user), self.cleaned_data["oldpassword"])


class StaffPasswordChangeForm(AdminPasswordChangeForm):
    """Change the password in the admin. Wrong passwords count as they do for signing in."""

    def clean_old_password(self) -> str:
        return own_password(self.user, self.cleaned_data["old_password"])


def own_password(user: User, password: str) -> str:
    """Return the password if it is right; ValidationError if it is wrong or over a limit."""
    adapter = get_adapter()
    if not adapter.reauthenticate(user, password):
        raise adapter.validation_error("enter_current_password")
    return password


class ProfileForm(forms.ModelForm[Profile]):
    """Edit a profile together with the first and last name of its user."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=60,
        required=False,
        validators=[validate_visible],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=60,
        required=False,
        validators=[validate_visible],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    date_of_birth = forms.DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_(
            "Only you can see this. "
            "If your browser shows no calendar, type year, month and day like 1990-05-17."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )

    class Meta:
        model = Profile
        fields = ["first_name", "last_name", "date_of_birth", "photo"]
        help_texts = {"photo": _("JPEG, PNG, WebP or GIF, up to 10 MB.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.initial[name] = getattr(self.instance.user, name)

    def clean_date_of_birth(self) -> Any:
        born = self.cleaned_data["date_of_birth"]
        today = timezone.localdate()
        if born and born > today:
            raise ValidationError(_("Choose a date in the past."))
        if born and born.year < today.year - MAX_AGE:
            raise ValidationError(_("Check the year of this date."))
        return born

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        validate_full_name(self, is_staff=self.instance.user.is_staff)
        return cleaned

    def save(self, commit: bool = True) -> Profile:
        """Save the changed fields, of the profile or the user, and leave the others alone.

        They may have been changed in another tab since this form was opened.
        """
        photo = self.cleaned_data["photo"] if "photo" in self.changed_data else None
        if photo:
            # Thumbnails take a while, so make them before the transaction.
            self.instance.photo.save(photo.name, photo, save=False)
        try:
            return self._save_changes()
        except Exception:
            photos = Profile.objects.filter(photo=self.instance.photo.name)
            # If the connection was lost during the commit, the row may have been saved.
            if photo and not photos.exists():
                self.instance.photo.delete(save=False)
            raise

    @transaction.atomic
    def _save_changes(self) -> Profile:
        # Lock the user first, as deleting a user does. The other order could deadlock.
        lock(self.instance.user)
        profile = Profile.objects.select_for_update().get(pk=self.instance.pk)
        # The photo of the instance is stored already; the one in `cleaned_data` is not.
        values = self.cleaned_data | {"photo": self.instance.photo}
        for row in (profile, profile.user):
            names = {field.name for field in row._meta.fields} & set(self.changed_data)
            for name in names:
                setattr(row, name, values[name])
            if names:
                row.save(update_fields=names)
        return profile
