"""What a password must not be, besides what Django says of it."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of a sentence in which it stands, enough is left.
NAME, REST = re.compile("magpie", re.IGNORECASE), 8


class SiteNameValidator:
    """Refuse a password that is little more than the name of the site."""

    def validate(self, password: str, user: Any = None) -> None:
        rest, found = NAME.subn("", password)
        if found and len(rest) < REST:
            raise ValidationError(
                _("This password is little more than the name of this site."),
                code="password_site_name",
            )

    def get_help_text(self) -> str:
        return _("Your password must be more than the name of this site.")
