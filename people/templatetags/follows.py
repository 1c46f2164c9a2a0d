from functools import lru_cache

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import get_language, ngettext

register = template.Library()


@register.filter
def followers(number: int) -> str:
    """Return a number of followers in words: 1 follower, 2 followers."""
    return _followers(number, get_language())


# Many people of a page have the same number.
@lru_cache(maxsize=1000)
def _followers(number: int, language: str | None) -> str:
    text = ngettext("%(number)s follower", "%(number)s followers", number)
    return text % {"number": intcomma(number)}
