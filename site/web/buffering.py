"""Django on a few threads, behind many that wait for slow clients.

granian gives each request a thread as soon as its headers are there. That thread also reads the
body and writes the response, both as slowly as the client likes.
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

from web.errors import MAX_BODY, NoRoomError

# Bytes of a body beyond which it is kept in a file.
IN_MEMORY = 64 * 1024


class NoRoom(BytesIO):
    """The body of a request for which there is no room."""

    def read(self, size: int | None = -1, /) -> Never:
        raise NoRoomError

    readline = read


class BufferingApplication:
    """A WSGI application that receives requests whole, and runs Django on threads of its own."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(settings.THREADS, "django")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        with spooled() as body:
            try:
                # Django refuses what is too large without reading it.
                if length <= MAX_BODY and not receive(environ["wsgi.input"], length, body):
                    # The client is gone, and half a form must not be acted on.
                    start_response("400 Bad Request", [])
                    return []
                environ["wsgi.input"] = body
            except OSError:
                environ["wsgi.input"] = NoRoom()
            return self.threads.submit(self.answer, environ, start_response).result()

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self.application(environ, start_response)
        finally:
            # At the end of a request, Django closes those of the thread that writes the response.
            close_old_connections()


@contextmanager
def spooled() -> Iterator[IO[bytes]]:
    """Yield a file in memory, or on disk if it grows."""
    body = SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    try:
        yield body
    finally:
        # It may try to write what there was no room for.
        with suppress(OSError):
            body.close()


def receive(stream: InputStream, length: int, body: IO[bytes]) -> bool:
    """Read `length` bytes from a stream into `body`; False if they do not come."""
    while length and (chunk := stream.read(min(length, IN_MEMORY))):
        body.write(chunk)
        length -= len(chunk)
    body.seek(0)
    return not length
