"""Texts of Django and django-allauth that Magpie translates itself."""

from django.utils.translation import gettext_noop as _

TEXTS = [
    _("Username"),
    _("You must type the same password each time."),
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
    _("This password is entirely numeric."),
]
