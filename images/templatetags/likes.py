from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def likes(number: int) -> str:
    """Return a number of likes in words: 1 like, 2 likes."""
    text = ngettext("%(number)s like", "%(number)s likes", number)
    return text % {"number": number_format(number, force_grouping=True)}
