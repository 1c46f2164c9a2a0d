from django import template
from django.utils.translation import ngettext

from web.numbers import grouped

register = template.Library()


@register.filter
def likes(number: int) -> str:
    """Return a number of likes in words: 1 like, 2 likes."""
    text = ngettext("%(number)s like", "%(number)s likes", number)
    return text % {"number": grouped(number)}
