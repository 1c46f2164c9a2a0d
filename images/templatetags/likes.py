from functools import lru_cache

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import get_language, ngettext

register = template.Library()


@register.filter
def likes(number: int) -> str:
    """Return a number of likes in words: 1 like, 2 likes."""
    return _likes(number, get_language())


# Many images of a page have the same number.
@lru_cache(maxsize=1000)
def _likes(number: int, language: str | None) -> str:
    return ngettext("%(number)s like", "%(number)s likes", number) % {"number": intcomma(number)}
