from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.models import Profile

register = template.Library()

PHOTO = '<img class="photo photo--{}" src="{}" width="180" height="180" alt="{}">'
LAZY_PHOTO = PHOTO.replace(">", ' loading="lazy">')
SHARP_PHOTO = PHOTO.replace(' src="{}"', ' src="{}" srcset="{} 2x"')


@register.simple_tag
def photo(person: Profile, size: str, alt: str = "", *, is_lazy: bool = False) -> SafeString:
    """Return the photo of a person, or a placeholder. It is a tag, as lists have many of them."""
    if not person.photo:
        placeholder = f"{size} photo--tint-{person.tint}"
        return format_html(PHOTO, placeholder, static("img/person.svg"), alt)
    return format_html(LAZY_PHOTO if is_lazy else PHOTO, size, person.photo_url, alt)


@register.simple_tag
def sharp_photo(person: Profile, size: str, alt: str) -> SafeString:
    """Return a photo that screens of high density show in more detail."""
    if not person.photo:
        return photo(person, size, alt)
    urls = person.photo.urls
    return format_html(SHARP_PHOTO, size, urls["photo"], urls["photo_2x"], alt)
