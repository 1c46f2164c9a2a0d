from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.models import Profile

register = template.Library()

# Pixels, for browsers without the style sheet.
PIXELS = {"small": 44, "medium": 64, "large": 96, "huge": 180}
SIZES = {size: SafeString(f' width="{side}" height="{side}"') for size, side in PIXELS.items()}
IMG = '<img class="photo photo--{}" src="{}"{}{}>'
SOURCE = '<picture><source type="image/webp" srcset="{}">'
PHOTO = f"{SOURCE}{IMG}</picture>"
SHARP_PHOTO = PHOTO.replace('srcset="{}"', 'srcset="{}, {} 2x"')
# Beside a name, a photo adds nothing. For an empty text, w3m would show the name of the file.
HIDDEN = SafeString(' alt=" " aria-hidden="true"')
HIDDEN_LAZY = SafeString(f'{HIDDEN} loading="lazy"')


@register.simple_tag
def photo(person: Profile, size: str, alt: str = "", *, is_lazy: bool = False) -> SafeString:
    """Return the photo of a person, or a placeholder.

    This is a tag because an included template would be slower, and lists show dozens.
    """
    if alt:
        rest = format_html(' alt="{}" loading="lazy"' if is_lazy else ' alt="{}"', alt)
    else:
        rest = HIDDEN_LAZY if is_lazy else HIDDEN
    if not person.photo:
        tinted = f"{size} photo--tint-{person.tint}"
        return format_html(IMG, tinted, static("img/person.svg"), SIZES[size], rest)
    urls = person.photo.urls
    if size == "huge":
        sources = urls["photo"], urls["photo_2x"]
        return format_html(SHARP_PHOTO, *sources, size, urls["photo_jpeg"], SIZES[size], rest)
    return format_html(PHOTO, urls["photo"], size, urls["photo_jpeg"], SIZES[size], rest)
