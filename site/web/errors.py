"""Responses for requests that no view could answer."""

import codecs
import errno
import logging
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from math import ceil
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.request import UnreadablePostError
from django.middleware import csrf
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from web.outages import is_outage

logger = logging.getLogger("magpie.errors")

# Seconds after which a client tries again when the database was unavailable.
RETRY_AFTER = 10
# The forms that a signed-in person does not need.
ENTRANCES = {"account_login", "account_signup"}
# Why a form is refused although it may be new: the browser does not say which page it is from, or
# names a page of another site.
NO_ORIGIN = {
    csrf.REASON_NO_REFERER,
    csrf.REASON_MALFORMED_REFERER,
    csrf.REASON_BAD_ORIGIN % "null",
}
OTHER_ORIGIN = tuple(
    reason.partition("%s")[0] for reason in (csrf.REASON_BAD_REFERER, csrf.REASON_BAD_ORIGIN)
)
# A name with an extension, such as /wp-login.php, or one that begins with a dot.
FILE = re.compile(r"/\.|\.[^/]*$")
PLAIN_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title} · Magpie</title>
<h1>{title}</h1>
<p><a href="/">Magpie</a></p>
</html>
"""


class NoRoomError(Exception):
    """The disk is too full to receive a body. Django takes an OSError for a broken connection."""


def max_body() -> int:
    """Return the number of bytes of the largest body that is read."""
    # This module is imported before the settings are known.
    return settings.UPLOAD_MB_PER_FORM * 1024 * 1024


class UnreadableRequestMiddleware:
    """Refuse requests that no view can read, and do not read bodies that are too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if int(request.META.get("CONTENT_LENGTH") or 0) > max_body():
            raise RequestDataTooBig("The body is larger than UPLOAD_MB_PER_FORM.")
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            # The error page would decode the query with this charset, too.
            request.encoding = "utf-8"
            raise BadRequest("The charset is not UTF-8.")
        if any("\0" in text for text in (request.path, unquote(request.META["QUERY_STRING"]))):
            raise BadRequest("The address contains a NUL.")
        if any("\0" in value for value in request.COOKIES.values()):
            # The error page must not look up a session by this key.
            request.session = type(request.session)()
            raise BadRequest("A cookie contains a NUL.")
        return self.get_response(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 to a body that is too large."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403. Django's own handler would read the form, which may be unreadable."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403, or redirect someone who has signed in in another tab since.

    Signing in changes the token, so the forms in other tabs are too old. django-allauth redirects
    a signed-in person who asks for one of these pages to where the form would have led.
    """
    match = request.resolver_match
    if match and match.view_name in ENTRANCES and request.user.is_authenticated:
        return HttpResponseRedirect(request.get_full_path(), status=303)
    if reason in NO_ORIGIN:
        return render(request, "403_no_origin.html", status=403)
    if reason.startswith(OTHER_ORIGIN):
        return render(request, "403_other_origin.html", status=403)
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, with a page for people, and a line for programs that look for a file."""
    path = request.path_info
    if path.startswith((settings.STATIC_URL, settings.MEDIA_PATH)) or FILE.search(path):
        text = _("There is no file at this address.")
        return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, 503 for an outage that ends by itself, or 507 for a full disk."""
    headers = {}
    match sys.exception():
        case UnreadablePostError() as error:
            # The client has disconnected.
            return bad_request(request, error)
        case error if is_outage(error):
            status = 503
            headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        case NoRoomError() | OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EFBIG):
            discard_uploads(request)
            # Not 503: a proxy may send the whole file again.
            status = 507
        case _:
            status = 500
    return HttpResponse(error_page(status), status=status, headers=headers)


def error_page(status: int) -> str:
    """Return a page that needs no request and no database, and works if templates do not."""
    try:
        return render_to_string(f"{status}.html")
    except Exception:
        logger.exception("The page for %s cannot be rendered", status)
        return PLAIN_PAGE.format(title=HTTPStatus(status).phrase)


def discard_uploads(request: HttpRequest) -> None:
    """Delete incomplete uploads at once. Django leaves them to the garbage collector."""
    for handler in request.upload_handlers:
        # Closing tries to write the rest, which fails as well, and deletes the file.
        with suppress(OSError):
            handler.upload_interrupted()


def too_many_requests(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Answer 429, and say when to try again."""
    context = {"seconds": seconds, "minutes": ceil(seconds / 60), "hours": ceil(seconds / 3600)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
