"""What is answered where no view could answer."""

import codecs
import errno
import sys
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from urllib.parse import unquote

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from redis import RedisError

# Forms say what is wrong with a file that is a little too large; more is not even read.
MAX_BODY = 20 * 1024 * 1024
# Seconds after which those come again who found no database.
RETRY_AFTER = 10


class NoRoomError(Exception):
    """The disk is too full to receive a body; Django takes an OSError for a broken connection."""


class RefusalMiddleware:
    """Refuse what no view can read or answers, and a body of more than 20 MB without reading it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            raise RequestDataTooBig("The body is larger than 20 MB.")
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            # The query would be read in it, too, also by the page that says no.
            request.encoding = "utf-8"
            raise BadRequest("The charset is another one than UTF-8.")
        if any("\0" in text for text in (request.path, unquote(request.META["QUERY_STRING"]))):
            raise BadRequest("There is a NUL in the address.")
        if any("\0" in value for value in request.COOKIES.values()):
            # The page that says so must not look for such a session.
            request.session = type(request.session)()
            raise BadRequest("There is a NUL in a cookie.")
        return self.get_response(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that we did not understand, or that it was too large."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


# Django's own look for a token in the form, which may be what cannot be read.


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not for who asked."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say what broke, and when to come again where it mends itself; that needs no database."""
    match sys.exception():
        case UnreadablePostError() as error:
            # Who sent it is gone.
            return bad_request(request, error)
        case OperationalError() | InterfaceError() | RedisError():
            status, headers = 503, {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        case NoRoomError() | OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EFBIG):
            discard_uploads(request)
            # Not 503, for which a proxy may send all of the file once more.
            status, headers = 507, {}
        case _:
            status, headers = 500, {}
    return HttpResponse(render_to_string(f"{status}.html"), status=status, headers=headers)


def discard_uploads(request: HttpRequest) -> None:
    """Delete what came of files that did not come whole; Django leaves them to the collector."""
    for handler in request.upload_handlers:
        # Closing writes the rest, for which there is no room either, and deletes all the same.
        with suppress(OSError):
            handler.upload_interrupted()


def too_many_requests(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Answer 429, and say when to try again."""
    context = {"minutes": ceil(seconds / 60), "hours": ceil(seconds / 3600)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
