from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def absolute_url(path: str) -> str:
    """Return the address of a path on this site, for programs that know only the page's text.

    The files of people may be elsewhere. Their addresses stay as they are.
    """
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path
