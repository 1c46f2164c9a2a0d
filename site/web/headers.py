"""Response headers that Django does not set."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The permissions that a page could ask for, and what it could read from a device. None is needed.
PERMISSIONS = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope hid idle-detection local-fonts magnetometer microphone midi payment "
    "picture-in-picture publickey-credentials-get screen-wake-lock serial usb "
    "xr-spatial-tracking"
).split()


class HeadersMiddleware:
    """Set headers for permissions, embedding and caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Only pages can ask for permissions, and this header is as large as a small file.
        if response.get("Content-Type", "").startswith("text/html"):
            # Without this, text browsers show their old copy after a press, and a shared cache
            # could show the page to someone else. `no-store` would also break the back button.
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers.setdefault("Cache-Control", "private, no-cache")
            response["Permissions-Policy"] = ", ".join(f"{name}=()" for name in PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "immutable" in response.get("Cache-Control", ""):
            # The name changes with the content, so browsers never ask whether a file has changed.
            del response["ETag"], response["Last-Modified"]
            if request.path_info.startswith(settings.MEDIA_PATH):
                # A file is the same in all languages, but LocaleMiddleware varies every response.
                del response["Vary"]
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _outdate_cached_pages(response)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None and not session.value:
            # After signing out, the back button must not show pages from the cache.
            response["Clear-Site-Data"] = '"cache"'
        return response


def _outdate_cached_pages(response: HttpResponseBase) -> None:
    """Change a cookie, by which pages vary, so that browsers request them again on the way back.

    Otherwise the back button may show pages from the cache, as they were before the change.
    """
    set_cookie(response, settings.CHANGE_COOKIE_NAME, secrets.token_urlsafe(6))


def set_cookie(
    response: HttpResponseBase, name: str, value: str, max_age: int | None = None
) -> None:
    """Set a cookie that scripts and other sites cannot use."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age, secure=secure, httponly=True, samesite="Lax")
