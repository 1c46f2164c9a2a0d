"""Run Django on a few threads, while many others wait for slow clients.

granian gives each request a thread as soon as its headers have arrived. That thread also reads the
body and writes the response, both at the speed of the client.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Never
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.db import close_old_connections

from web.errors import NoRoomError, max_body

# Bytes. A longer body is kept in a file.
IN_MEMORY = 64 * 1024


class UnstoredBody(BytesIO):
    """The body of a request that did not fit on the disk."""

    def read(self, size: int | None = -1, /) -> Never:
        raise NoRoomError

    readline = read


class BufferingApplication:
    """A WSGI application that receives complete requests and runs Django on threads of its own."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(settings.THREADS, "django")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        with spooled() as body:
            try:
                # Django refuses a larger body without reading it.
                if length <= max_body() and not receive(environ["wsgi.input"], length, body):
                    # The client is gone. Half a form must not be processed.
                    start_response("400 Bad Request", [])
                    return []
                environ["wsgi.input"] = body
            except OSError:
                environ["wsgi.input"] = UnstoredBody()
            return self.threads.submit(self.answer, environ, start_response).result()

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self.application(environ, start_response)
        finally:
            # Django itself only does so in the thread that writes the response.
            close_old_connections()


@contextmanager
def spooled() -> Iterator[IO[bytes]]:
    """Yield a file in memory, which moves to the disk when it grows."""
    body = SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    try:
        yield body
    finally:
        # Closing may try to write to a full disk.
        with suppress(OSError):
            body.close()


def receive(stream: InputStream, length: int, body: IO[bytes]) -> bool:
    """Read `length` bytes from a stream into `body`. Return False if fewer arrive."""
    while length and (chunk := stream.read(min(length, IN_MEMORY))):
        body.write(chunk)
        length -= len(chunk)
    body.seek(0)
    return not length
