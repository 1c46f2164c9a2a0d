"""Response headers in addition to those that Django sets."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Browser features that need a permission. Magpie uses none of them.
PERMISSIONS = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope hid idle-detection local-fonts magnetometer microphone midi payment "
    "picture-in-picture publickey-credentials-get screen-wake-lock serial usb "
    "xr-spatial-tracking"
).split()


class HeadersMiddleware:
    """Forbid browser features and embedding, and let caches store one copy of each upload."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Browsers need this header for pages only, and it can be as large as a small file.
        if response.get("Content-Type", "").startswith("text/html"):
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
