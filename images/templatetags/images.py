from django import template
from django.utils.translation import ngettext

from web.numbers import grouped

register = template.Library()


@register.filter
def images(number: int) -> str:
    """Return a number of images in words: 1 image, 2 images."""
    text = ngettext("%(number)s image", "%(number)s images", number)
    return text % {"number": grouped(number)}


@register.filter
def likes(number: int) -> str:
    """Return a number of likes in words: 1 like, 2 likes."""
    text = ngettext("%(number)s like", "%(number)s likes", number)
    return text % {"number": grouped(number)}
