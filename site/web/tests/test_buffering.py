"""Django gets requests only when they are complete, and only a few at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event, Semaphore
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from django.conf import settings

from web.buffering import IN_MEMORY, BufferingApplication
from web.errors import max_body


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def ask(application: WSGIApplication, body: BytesIO, length: int) -> tuple[list[str], list[bytes]]:
    statuses: list[str] = []

    def start(status: str, *_: Any) -> Callable[[bytes], object]:
        statuses.append(status)
        return bytes

    environ = {"CONTENT_LENGTH": str(length), "wsgi.input": body}
    return statuses, list(BufferingApplication(application)(environ, start))


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY])
def test_a_body_is_passed_on_unchanged(size: int) -> None:
    sent = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert ask(echo, BytesIO(sent + b"the next request"), size) == (["200 OK"], [sent])


def test_an_incomplete_body_is_not_passed_on() -> None:
    assert ask(echo, BytesIO(b"half"), 8) == (["400 Bad Request"], [])


def test_a_body_that_is_too_large_is_not_received() -> None:
    body = BytesIO(b"x" * 10)
    assert ask(echo, body, max_body() + 1) == (["200 OK"], [b""])
    assert body.tell() == 0


def test_no_more_requests_run_at_a_time_than_there_are_threads() -> None:
    begun, end = Semaphore(0), Event()

    def wait(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun.release()
        end.wait()
        return []

    application = BufferingApplication(wait)
    with ThreadPoolExecutor(2 * settings.THREADS) as clients:
        for _ in range(2 * settings.THREADS):
            clients.submit(application, {"wsgi.input": BytesIO()}, lambda *_: bytes)
        assert all(begun.acquire(timeout=10) for _ in range(settings.THREADS))
        assert not begun.acquire(timeout=0.2)
        end.set()
