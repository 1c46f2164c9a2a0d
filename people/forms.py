import unicodedata
from typing import Any, cast

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from people.models import Profile
from stream.record import create_action

OLDEST = 130


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Username or email"


class SignupForm(allauth_forms.SignupForm):
    """Signing up: the person, their address and the first entry in the stream, or none of them."""

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = cast("User", super().save(request))
        create_action(user, "has created an account")
        return user


def validate_visible(name: str) -> None:
    """Refuse control and bidirectional characters, which could disguise a name."""
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"} for char in name):
        raise ValidationError("Leave out invisible and control characters.")


class ProfileForm(forms.ModelForm[Profile]):
    """What people tell about themselves: their name, which is the user's, and their profile."""

    first_name = forms.CharField(
        max_length=60,
        required=False,
        validators=[validate_visible],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        max_length=60,
        required=False,
        validators=[validate_visible],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    date_of_birth = forms.DateField(
        required=False,
        help_text="Only you see this.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )

    class Meta:
        model = Profile
        fields = ["first_name", "last_name", "date_of_birth", "photo"]
        help_texts = {"photo": "JPEG, PNG, WebP or GIF, up to 10 MB."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.initial[name] = getattr(self.instance.user, name)

    def clean_date_of_birth(self) -> Any:
        born = self.cleaned_data["date_of_birth"]
        today = timezone.localdate()
        if born and born > today:
            raise ValidationError("A date of birth lies in the past.")
        if born and born.year < today.year - OLDEST:
            raise ValidationError("Check the year of this date.")
        return born

    @transaction.atomic
    def save(self, commit: bool = True) -> Profile:
        user = self.instance.user
        user.first_name = self.cleaned_data["first_name"]
        user.last_name = self.cleaned_data["last_name"]
        user.save(update_fields=["first_name", "last_name"])
        return super().save(commit)
