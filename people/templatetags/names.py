from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Profile
from web.numbers import grouped

register = template.Library()

PERSON = '<a href="{}"><bdi>{}</bdi></a>'


def linked_name(person: Profile) -> SafeString:
    return format_html(PERSON, person.get_absolute_url(), person.name)


@register.simple_tag
def names(people: Sequence[Profile], count: int, url: str = "") -> SafeString:
    """Return the names of one or two people, linked, or of two and the number of the others.

    Of `count` people, these are the first. All of them are listed at `url`, if there is one.
    """
    linked = [linked_name(person) for person in people[:2]]
    others = count - len(linked)
    if others > 0:
        text = ngettext("{}, {} and {number} other", "{}, {} and {number} others", others)
        if url:
            text = ngettext(
                '{}, {} and <a href="{url}">{number} other</a>',
                '{}, {} and <a href="{url}">{number} others</a>',
                others,
            )
        return format_html(text, *linked, number=grouped(others), url=url)
    return format_html(_("{} and {}"), *linked) if len(linked) == 2 else linked[0]
