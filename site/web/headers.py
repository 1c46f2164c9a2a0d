"""What browsers are told besides what Django tells them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# All that pages could ask people for, or learn from their devices; Magpie needs none of it.
PERMISSIONS = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope hid idle-detection local-fonts magnetometer microphone midi payment "
    "picture-in-picture publickey-credentials-get screen-wake-lock serial usb "
    "xr-spatial-tracking"
).split()


class HeadersMiddleware:
    """Let pages ask for no permission, other sites embed nothing, and caches keep uploads once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Of a file that is no page, browsers ask nothing, and it weighs as much as the file.
        if response.get("Content-Type", "").startswith("text/html"):
            response["Permissions-Policy"] = ", ".join(f"{name}=()" for name in PERMISSIONS)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        is_upload = request.path_info.startswith(settings.MEDIA_URL)
        if is_upload and "immutable" in response.get("Cache-Control", ""):
            # It is the same in all languages, which the middleware below cannot know.
            del response["Vary"]
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None and not session.value:
            # Who was signed out leaves no page behind that the back button would show to others.
            response["Clear-Site-Data"] = '"cache"'
        return response
