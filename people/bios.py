"""What people write about themselves: a bio, and a link to another page of theirs."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from people.models.profile import BIO_LENGTH, LINK_LENGTH
from people.names import is_visible, without_marks_at_end
from web import addresses

# Control characters, and those that reverse the text after them, such as the name of a link.
DISGUISES = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def validate_bio(text: str) -> None:
    """Refuse a text with characters that change how other text looks, or without visible ones."""
    if DISGUISES.search(text):
        raise ValidationError(_("This text contains an invisible character. Type it again."))
    if not is_visible(text):
        raise ValidationError(_("This text has no visible characters."))


class BioField(forms.CharField):
    """A field for a text of a few lines."""

    default_validators = [validate_bio]
    default_error_messages = {
        "max_length": format_lazy(_("Write at most {number} characters."), number=BIO_LENGTH)
    }
    widget = forms.Textarea(attrs={"dir": "auto", "rows": 4})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Browsers count a line break as one character, and send two. The validator counts one.
        self.max_length = 2 * (self.max_length or 0)

    def to_python(self, value: Any) -> Any:
        text = without_marks_at_end(super().to_python(value) or "")
        # At most one empty line between two paragraphs.
        return re.sub(r"\n\s*\n", "\n\n", text.replace("\r\n", "\n"))


class LinkField(addresses.AddressField):
    """A field for the address of a page, of which the fragment may be a part."""

    def parse(self, url: str) -> str:
        page, _hash, fragment = url.partition("#")
        link = super().parse(page) + (fragment and f"#{iri_to_uri(fragment)}")
        if len(link) > LINK_LENGTH:
            # In ASCII, other letters are several characters.
            raise ValidationError(self.error_messages["max_length"] % {"limit_value": LINK_LENGTH})
        return link
