"""The host names that the site answers to."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.middleware.security import SecurityMiddleware

HEALTH_CHECKS = {"/healthz", "/readyz"}


class HostMiddleware:
    """Refuse requests to any host but the site's own, before other code reads the Host header.

    With https, the port must match too, and later code sees the host as the settings spell it.
    Health checks may name a local host, since they come from the machine itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        site = urlsplit(settings.SITE_URL)
        self.site_host = site.netloc.lower().removesuffix(":443")
        self.site_port = f":{site.port or 443}"
        # Adds the security headers to refusals. As middleware it would redirect to the wrong host.
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host().lower()
        except DisallowedHost:
            return self.refuse(request)
        if settings.HTTPS and not is_health_check(request, host):
            if not self.is_ours(host):
                return self.refuse(request)
            request.META["HTTP_HOST"] = host.removesuffix(":443")
        return self.get_response(request)

    def is_ours(self, host: str) -> bool:
        """Return whether this is SITE_URL's host and port, or another allowed host."""
        if host.removesuffix(":443") == self.site_host:
            return True
        name = host.removesuffix(":443").removesuffix(self.site_port)
        return ":" not in name.rpartition("]")[2] and validate_host(name, settings.OTHER_HOSTS)

    def refuse(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(
            "There is no site at this address.\n",
            content_type="text/plain; charset=utf-8",
            status=400,
        )
        return self.security.process_response(request, response)


def is_health_check(request: HttpRequest, host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return request.path_info in HEALTH_CHECKS and name in settings.LOCAL_HOSTS
