from django import template
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString

from people.models import Profile

register = template.Library()

REL = ' rel="nofollow ugc noopener"'


@register.filter
def bio(person: Profile) -> SafeString:
    """Return what people write about themselves, in paragraphs and with links."""
    # In what was typed, quotes are escaped, so this finds only the links that Django makes.
    linked = urlize(person.bio, nofollow=True, autoescape=True).replace(' rel="nofollow"', REL)
    return SafeString(linebreaks(linked))
