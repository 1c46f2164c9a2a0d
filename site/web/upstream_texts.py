"""Texts of Django and django-allauth that Magpie translates itself."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import npgettext_lazy

TEXTS = [
    _("Username"),
    _("You must type the same password each time."),
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    # Django's German says "1 Tage, 3 Stunden her".
    _("%(delta)s ago"),
    npgettext_lazy("naturaltime-past", "%(num)d year", "%(num)d years", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d month", "%(num)d months", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d day", "%(num)d days", "num"),
]
