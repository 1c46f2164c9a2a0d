"""What is logged of requests: a line of JSON each, with nothing in it of what people sent."""

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
# What these say names code; what others say may hold a value, such as an address that is taken.
SAFE_MESSAGES = (AttributeError, ImportError, NameError)
# Several processes write to a pipe, which keeps up to 4,096 bytes together.
LONGEST_MESSAGE, LONGEST_TRACEBACK = 200, 2200


class LogMiddleware:
    """Give each request an id, which its answer tells, and log how it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        # Never the one that the request may have brought along, which could be anything.
        request.META["REQUEST_ID"] = token_hex(8)
        token = current.set(request)
        try:
            response = self.get_response(request)
        except Exception:
            # Not even the page that says so could be made.
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
    """Return what may be told of a request; of its path, which may hold a key, the pattern."""
    match = request and request.resolver_match
    return {
        "request_id": request and request.META.get("REQUEST_ID"),
        "user_id": request and user_id(request),
        "method": request and (request.method or "")[:20],
        "route": match and match.route,
    }


def user_id(request: HttpRequest) -> int | None:
    """Return who is signed in, if that was looked up."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


class DropClientErrorTracebacks(logging.Filter):
    """Leave out the traceback of what is no error of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


class JsonFormatter(logging.Formatter):
    """One line of JSON, with the same keys each time."""

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
    """Return the first line of what is said; of answers Django says the path, or the host."""
    if status := getattr(record, "status_code", None):
        return HTTPStatus(status).phrase
    return record.getMessage().partition("\n")[0]


def traceback(error: BaseException) -> str:
    """Return where an error was raised, and those before it, without what they say."""
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
