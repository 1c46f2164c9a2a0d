"""A password validator in addition to Django's own."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SITE_NAME = re.compile("magpie", re.IGNORECASE)
# Characters that a password needs beyond the site's name. A long passphrase may contain the name.
MIN_OTHERS = 8


class SiteNameValidator:
    """Refuse a password that consists mostly of the site's name."""

    def validate(self, password: str, user: Any = None) -> None:
        others, found = SITE_NAME.subn("", password)
        if found and len(others) < MIN_OTHERS:
            raise ValidationError(
                _("This password is little more than the name of this site."),
                code="password_site_name",
            )

    def get_help_text(self) -> str:
        return _("Your password must be more than the name of this site.")
