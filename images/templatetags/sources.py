from django import template
from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from images.models import Image
from people.templatetags.names import linked_name

register = template.Library()

PLACE = '<a href="{}" rel="noopener nofollow ugc">{}</a>'


@register.simple_tag
def source(image: Image) -> SafeString:
    """Return where an image was found, linked, or nothing. It is a tag, as lists have many."""
    return _found_on(_place(image))


@register.simple_tag
def credit(image: Image) -> SafeString:
    """Return from whom an image was saved again, and where it was found."""
    place, via = _place(image), _person(image.via)
    if not via:
        return _found_on(place)
    text = _("Via {person}, found on {place}") if place else _("Via {person}")
    return format_html(text, person=via, place=place)


@register.simple_tag
def finder(image: Image) -> SafeString:
    """Return who found an image that was saved again and again, or nothing."""
    person = _person(image.found_by) if image.found_by != image.via else SafeString()
    return format_html(_("First saved by {person}"), person=person) if person else person


def _found_on(place: SafeString) -> SafeString:
    return format_html(_("Found on {place}"), place=place) if place else place


def _person(user: User | None) -> SafeString:
    if user is None or not user.is_active:
        return SafeString()
    return linked_name(user.profile)


def _place(image: Image) -> SafeString:
    credit, host = image.credit, image.source_host
    if not credit and not host:
        return SafeString()
    name = format_html("<cite>{}</cite>", credit) if credit else format_html("<bdi>{}</bdi>", host)
    if credit and host:
        name = format_html("{}, <bdi>{}</bdi>", name, host)
    return format_html(PLACE, image.source_url, name) if host else name
