"""Log lines are JSON, name the request and the user, and contain nothing that people sent."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import BadRequest
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from web.logs import DropClientErrorTracebacks, JsonFormatter, LogMiddleware

KEYS = (
    "time level logger message request_id user_id method route status duration_ms traceback"
).split()
SECRET = "the-canary"


def broken(request: HttpRequest, key: str) -> HttpResponse:
    raise RuntimeError(key)


def taken(request: HttpRequest, key: str) -> HttpResponse:
    try:
        Group.objects.bulk_create([Group(name=key), Group(name=key)])
    except IntegrityError as error:
        raise LookupError(key) from error
    return HttpResponse()


def misspelt(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(request.no_such_name)  # type: ignore[attr-defined]


def refused(request: HttpRequest, key: str) -> HttpResponse:
    raise BadRequest(key)


def warned(request: HttpRequest, key: str) -> HttpResponse:
    logging.getLogger("some.package").warning("Mind this.\n%s", key)
    return HttpResponse()


VIEWS = [broken, taken, misspelt, refused, warned]
urlpatterns = [
    *(path(f"{view.__name__}/<key>/", view) for view in VIEWS),
    path("", include("config.urls")),
]
handler400 = "web.errors.bad_request"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return a function that returns the lines logged so far, parsed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(DropClientErrorTracebacks())
    root, requests = logging.getLogger(), logging.getLogger("magpie.requests")
    level = requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    requests.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(autouse=True)
def errors_are_answered(as_ana: Client) -> None:
    as_ana.raise_request_exception = False


def test_each_request_is_a_line_with_the_same_keys(as_ana: Client, ana: User, lines: Lines) -> None:
    response = as_ana.get(f"/people/ana/?before={SECRET}")
    [line] = lines()
    assert list(line) == KEYS
    expected = {
        "level": "INFO",
        "logger": "magpie.requests",
        "request_id": response["X-Request-ID"],
        "user_id": ana.pk,
        "method": "GET",
        "route": "people/<str:username>/",
        "status": response.status_code,
        "traceback": None,
    }
    assert {key: line[key] for key in expected} == expected
    assert 0 < line["duration_ms"] < 60_000
    assert line["time"].endswith("+00:00")


def test_every_request_gets_a_new_id(as_ana: Client, lines: Lines) -> None:
    for _ in range(2):
        as_ana.get("/", headers={"X-Request-ID": SECRET})
    first, second = (line["request_id"] for line in lines())
    assert len({first, second, SECRET}) == 3


def test_signing_in_logs_the_user_without_a_query(client: Client, ana: User, lines: Lines) -> None:
    ana.set_password(SECRET)
    ana.save()
    form = {"login": "ana", "password": SECRET}
    assert client.post("/accounts/login/", form).status_code == 302
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/healthz")
    assert len(queries) == 0
    assert [line["user_id"] for line in lines()] == [ana.pk, None]


@pytest.mark.parametrize("method", ["GET", "G" * 9000, '"}\x1b[31m\u2028{'])
def test_log_lines_cannot_be_forged(as_ana: Client, lines: Lines, method: str) -> None:
    hostile = 'x\r\n{"level": "ERROR"}\x1b[31m\u2028'
    as_ana.generic(method, "/people/ana/")
    as_ana.get(f"/people/{hostile}/?{hostile}", headers={"User-Agent": hostile})
    as_ana.get("/", headers={"Host": hostile, "Referer": hostile})
    logged = lines()
    assert [line for line in logged if list(line) != KEYS] == []
    assert {line["level"] for line in logged if line["status"]} == {"INFO"}


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"path": f"/people/{SECRET}/"}),
        (404, {"path": f"/{SECRET}"}),
        (400, {"path": f"/refused/{SECRET}/"}),
        (400, {"path": "/", "headers": {"Host": SECRET}}),
        (413, {"path": f"/language/?{SECRET}", "CONTENT_LENGTH": str(70 * 1024 * 1024)}),
        (405, {"path": f"/images/?{SECRET}"}),
        (200, {"path": f"/warned/{SECRET}/"}),
    ],
)
def test_refused_requests_are_logged_without_a_traceback(
    as_ana: Client, lines: Lines, status: int, request_: dict[str, Any]
) -> None:
    response = as_ana.generic("POST" if status == 405 else "GET", **request_)
    assert response.status_code == status
    logged = lines()
    assert logged[-1]["status"] == status or logged[-2]["status"] == status
    assert [line for line in logged if line["traceback"]] == []
    assert SECRET not in json.dumps(logged)


def test_a_form_without_its_token_is_logged(ana: User, lines: Lines) -> None:
    client = Client(enforce_csrf_checks=True)
    evil = f"https://evil.example/{SECRET}"
    client.post("/language/", headers={"Origin": evil, "Referer": evil})
    assert {line["logger"] for line in lines()} == {"django.security.csrf", "magpie.requests"}
    assert SECRET not in json.dumps(lines())


@pytest.mark.parametrize(
    ("view", "kinds"),
    [
        ("broken", ["builtins.RuntimeError"]),
        ("taken", ["django.db.utils.IntegrityError", "builtins.LookupError"]),
        ("misspelt", ["AttributeError: 'WSGIRequest' object has no attribute 'no_such_name'"]),
    ],
)
def test_errors_are_logged_with_their_place_and_without_input(
    as_ana: Client, ana: User, lines: Lines, view: str, kinds: list[str]
) -> None:
    response = as_ana.get(f"/{view}/{SECRET}/?{SECRET}")
    assert response.status_code == 500
    [error] = [line for line in lines() if line["level"] == "ERROR"]
    assert error["message"] == "Internal Server Error"
    assert error["request_id"] == response["X-Request-ID"]
    assert error["route"] == f"{view}/<key>/"
    assert f"in {view}\n" in error["traceback"]
    assert [kind for kind in kinds if f"{kind}\n" not in error["traceback"]] == []
    assert SECRET not in json.dumps(lines())


def test_an_error_without_a_response_is_logged_too(rf: RequestFactory, lines: Lines) -> None:
    with pytest.raises(RuntimeError):
        LogMiddleware(lambda request: broken(request, SECRET))(rf.get(f"/{SECRET}"))
    [line] = lines()
    assert line["request_id"]
    assert "in broken\n" in line["traceback"]
    assert SECRET not in json.dumps(line)


def test_a_line_fits_into_an_atomic_write_to_a_pipe(lines: Lines) -> None:
    def deep(depth: int) -> None:
        try:
            if depth:
                deep(depth - 1)
            User.objects.get(username=SECRET)
        except (User.DoesNotExist, LookupError) as error:
            raise LookupError(SECRET) from error

    try:
        deep(20)
    except LookupError:
        logging.getLogger("some.package").exception("\u2028" * 5000)
    [line] = lines()
    assert "builtins.LookupError" in line["traceback"]
    assert len(json.dumps(line)) < 4096
