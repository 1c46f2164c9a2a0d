from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def absolute_url(path: str) -> str:
    """Return the address of a path on this site, for programs that know only the page's text.

    Uploads may be on another host. Their addresses are returned as they are.
    """
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path
