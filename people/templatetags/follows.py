from django import template
from django.utils.translation import ngettext

from web.numbers import grouped

register = template.Library()


@register.filter
def followers(number: int) -> str:
    """Return a number of followers in words: 1 follower, 2 followers."""
    text = ngettext("%(number)s follower", "%(number)s followers", number)
    return text % {"number": grouped(number)}


@register.filter
def following(number: int) -> str:
    """Return the number of people that someone follows in words: 2 following."""
    text = ngettext("%(number)s following", "%(number)s following", number)
    return text % {"number": grouped(number)}
