from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def absolute_url(path: str) -> str:
    """Return the address of a path on this site, for programs that know only the page's text.

    Uploads may be on another host. Their addresses are returned as they are.
    """
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"
