"""Logs of requests: one line of JSON each, without anything that people sent."""

import json
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter
from traceback import extract_tb

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

logger = logging.getLogger("magpie.requests")
current: ContextVar[HttpRequest | None] = ContextVar("current", default=None)
# The messages of these errors name code. Others may contain a value, such as an email address.
SAFE_MESSAGES = (AttributeError, ImportError, NameError)
# Several processes write to one pipe, which keeps lines of up to 4,096 bytes whole.
LONGEST_MESSAGE, LONGEST_TRACEBACK = 200, 2200


class LogMiddleware:
    """Give each request an id, send it in the response, and log how the request was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        # Never use an id from the request, which could be anything.
        request.META["REQUEST_ID"] = token_hex(8)
        token = current.set(request)
        try:
            response = self.get_response(request)
        except Exception:
            # Not even the error page could be rendered.
            logger.exception("not answered")
            raise
        finally:
            current.reset(token)
        response["X-Request-ID"] = request.META["REQUEST_ID"]
        answer = {
            "request": request,
            "status": response.status_code,
            "duration_ms": round((perf_counter() - started) * 1000, 1),
        }
        logger.info("answered", extra=answer)
        return response


def request_fields(request: HttpRequest | None) -> dict[str, object]:
    """Return what may be logged of a request. Its path may contain a key, so log the pattern."""
    match = request and request.resolver_match
    return {
        "request_id": request and request.META.get("REQUEST_ID"),
        "user_id": request and user_id(request),
        "method": request and (request.method or "")[:20],
        "route": match and match.route,
    }


def user_id(request: HttpRequest) -> int | None:
    """Return the key of the signed-in user, if the request looked it up."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


class DropClientErrorTracebacks(logging.Filter):
    """Leave out the traceback of a refused request, which is not an error of the site."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


class JsonFormatter(logging.Formatter):
    """Format a record as one line of JSON, always with the same keys."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None) or current.get()
        error = record.exc_info and record.exc_info[1]
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record)[:LONGEST_MESSAGE],
            **request_fields(request if isinstance(request, HttpRequest) else None),
            "status": getattr(record, "status", None),
            "duration_ms": getattr(record, "duration_ms", None),
            "traceback": error and traceback(error)[-LONGEST_TRACEBACK:],
        }
        return json.dumps(line)


def message(record: logging.LogRecord) -> str:
    """Return the first line of the message, or the phrase of a status code.

    Django's messages about responses contain the path or the host.
    """
    if status := getattr(record, "status_code", None):
        return HTTPStatus(status).phrase
    return record.getMessage().partition("\n")[0]


def traceback(error: BaseException) -> str:
    """Return where an error and its causes were raised, without their messages."""
    errors = [error]
    while (before := cause(errors[-1])) and before not in errors:
        errors.append(before)
    return "".join(line for each in reversed(errors) for line in lines(each))


def cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def lines(error: BaseException) -> Iterator[str]:
    for frame in extract_tb(error.__traceback__, limit=-25):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}\n"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    yield f"{kind}: {error}\n" if isinstance(error, SAFE_MESSAGES) else f"{kind}\n"
