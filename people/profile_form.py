from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.bios import BioField, LinkField
from people.models import Profile
from people.models.profile import BIO_LENGTH, LINK_LENGTH
from people.names import NameField, validate_full_name
from stream.record import lock

MAX_AGE = 130


class ProfileForm(forms.ModelForm[Profile]):
    """Edit a profile together with the first and last name of its user."""

    first_name = NameField(
        label=_("First name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Last name"),
        max_length=60,
        required=False,
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
    bio = BioField(
        label=_("Bio"),
        max_length=BIO_LENGTH,
        required=False,
        help_text=_("A few words about you. Addresses in it become links."),
    )
    link = LinkField(
        label=_("Link"),
        max_length=LINK_LENGTH,
        required=False,
        help_text=_("The address of your own website, or of a page about you."),
        error_messages={"max_length": _("The address is longer than %(limit_value)s characters.")},
    )

    class Meta:
        model = Profile
        fields = ["first_name", "last_name", "photo", "bio", "link", "date_of_birth"]
        help_texts = {"photo": _("JPEG, PNG, WebP, GIF, AVIF or HEIC, up to 10 MB.")}

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


class IntroductionForm(ProfileForm):
    """What people say about themselves on their first visit."""

    date_of_birth = None  # type: ignore[assignment]

    class Meta(ProfileForm.Meta):
        fields = ["first_name", "last_name", "photo", "bio", "link"]
