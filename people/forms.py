import unicodedata
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
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
    """Signing in, by either name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Username or email")
        widget = forms.TextInput({"autocomplete": "username"})
        self.fields["login"] = forms.CharField(
            label=label, max_length=MAX_EMAIL_LENGTH, widget=widget
        )

    def user_credentials(self) -> dict[str, Any]:
        """Return a username to check the password of, once, whether or not there is an account.

        `email` is there for the adapter, which counts wrong passwords by the name that was typed.
        """
        login: str = self.cleaned_data["login"]
        # A username is one name however it is typed; the database folds ASCII letters alone.
        person = Profile.objects.filter(username_skeleton=skeleton(login)).first()
        credentials = {"username": login, "password": self.cleaned_data["password"]}
        if user := person.user if person else owner_of(login):
            credentials["username"] = user.get_username()
        return credentials if person else credentials | {"email": login}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        # allauth's expiry would move with each write to the session.
        request.session.set_expiry(session_end())
        return response


class SignupForm(allauth_forms.SignupForm):
    """Signing up: the person, their address and the first entry in the stream, or none of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.help_text = _(
            "Letters and digits, with single dots, hyphens or underscores between."
        )
        username.widget.attrs |= {
            "maxlength": MAX_LENGTH,
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["password1"].help_text = _(
            "At least 8 characters, not all digits, hard to guess."
        )

    def clean_username(self) -> str:
        # The same letters can be typed in several ways.
        self.cleaned_data["username"] = unicodedata.normalize("NFKC", self.cleaned_data["username"])
        return super().clean_username()

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = cast("User", super().save(request))
        create_action(user, "has created an account")
        return user


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A form whose wrong passwords count as they do on signing in."""

    def clean_oldpassword(self) -> str:
        return own_password(cast("User", self.user), self.cleaned_data["oldpassword"])


class StaffPasswordChangeForm(AdminPasswordChangeForm):
    """The admin's form, whose wrong passwords count as they do on signing in."""

    def clean_old_password(self) -> str:
        return own_password(self.user, self.cleaned_data["old_password"])


def own_password(user: User, password: str) -> str:
    """Return the password if it is the user's; refuse a wrong one, and any after too many."""
    adapter = get_adapter()
    if not adapter.reauthenticate(user, password):
        raise adapter.validation_error("enter_current_password")
    return password


class ProfileForm(forms.ModelForm[Profile]):
    """What people tell about themselves: their name, which is the user's, and their profile."""

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
        help_text=_("Only you see this."),
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
        """Save what was changed, and no more: the rest may have been changed meanwhile."""
        photo = self.cleaned_data["photo"] if "photo" in self.changed_data else None
        if photo:
            # Thumbnails take a while, in which nobody else should have to wait for the database.
            self.instance.photo.save(photo.name, photo, save=False)
        try:
            return self._record()
        except Exception:
            photos = Profile.objects.filter(photo=self.instance.photo.name)
            # Who loses the connection in the end cannot know whether it was saved.
            if photo and not photos.exists():
                self.instance.photo.delete(save=False)
            raise

    @transaction.atomic
    def _record(self) -> Profile:
        # The person first, as who deletes them does, so that neither waits for the other.
        lock(self.instance.user)
        profile = Profile.objects.select_for_update().get(pk=self.instance.pk)
        fields = {"date_of_birth", "photo"} & set(self.changed_data)
        _copy(vars(self.instance), profile, fields)
        names = {"first_name", "last_name"} & set(self.changed_data)
        _copy(self.cleaned_data, profile.user, names)
        return profile


def _copy(source: dict[str, Any], target: models.Model, names: set[str]) -> None:
    for name in names:
        setattr(target, name, source[name])
    if names:
        target.save(update_fields=names)
