from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import MAX_LENGTH, TOO_LONG, Address
from images.models import Image
from people.names import is_visible, without_marks_at_end
from web import addresses


class AddressField(addresses.AddressField):
    """An address from which Magpie may fetch."""

    default_error_messages = {"max_length": TOO_LONG}

    def __init__(self, *, max_length: int = MAX_LENGTH, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def parse(self, url: str) -> str:
        return Address.parse(url).url


class ImageForm(forms.ModelForm[Image]):
    """What people say about an image, and where it was found."""

    class Meta:
        model = Image
        fields = ["title", "alt", "description", "url", "page_url", "credit"]
        field_classes = {"url": AddressField, "page_url": AddressField}
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "alt": forms.TextInput(attrs={"dir": "auto"}),
            "description": forms.Textarea(attrs={"dir": "auto", "rows": 3}),
            "credit": forms.TextInput(attrs={"dir": "auto"}),
        }

    def clean_title(self) -> str:
        title = without_marks_at_end(" ".join(self.cleaned_data["title"].split()))
        if title and not is_visible(title):
            raise ValidationError(_("This title has no visible characters."))
        return title

    def save(self, commit: bool = True) -> Image:
        """Save the edited fields. NotUpdated if the image was deleted in the meantime."""
        self.instance.save(update_fields=[*self.Meta.fields, "slug"])
        return self.instance
