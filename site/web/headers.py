"""Response headers that Django does not set."""

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
    """Deny permissions and embedding by other sites, and let caches keep uploads only once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Only pages can ask for permissions, and this header is as large as a small file.
        if response.get("Content-Type", "").startswith("text/html"):
            # A text browser would show the page from before a press, and a shared cache could show
            # it to others. The back button still works: only `no-store` would break that.
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers.setdefault("Cache-Control", "private, no-cache")
            response["Permissions-Policy"] = ", ".join(f"{name}=()" for name in PERMISSIONS)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        is_upload = request.path_info.startswith(settings.MEDIA_URL)
        if is_upload and "immutable" in response.get("Cache-Control", ""):
            # A file is the same in all languages, but LocaleMiddleware varies every response.
            del response["Vary"]
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None and not session.value:
            # After signing out, the back button must not show pages from the cache.
            response["Clear-Site-Data"] = '"cache"'
        return response
