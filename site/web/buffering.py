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

from web.errors import MAX_BODY, NoRoomError

# Bytes of a body beyond which it goes into a file.
IN_MEMORY = 64 * 1024


class NoRoom(BytesIO):
    """The body of a request that the disk is too full to receive."""

    def read(self, size: int | None = -1, /) -> Never:
        raise NoRoomError

    readline = read


class BufferingApplication:
    """A WSGI application that reads each request completely, then runs Django on other threads."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(settings.THREADS, "django")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        with spooled() as body:
            try:
                # Django refuses a body that is too large without reading it.
                if length <= MAX_BODY and not receive(environ["wsgi.input"], length, body):
                    # The client has disconnected. Django must not process half a form.
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
            # Django closes old connections at the end of a request, but on granian's thread.
            close_old_connections()


@contextmanager
def spooled() -> Iterator[IO[bytes]]:
    """Yield a file in memory, or on disk if it grows."""
    body = SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    try:
        yield body
    finally:
        # Closing writes buffered data, for which the disk may be too full.
        with suppress(OSError):
            body.close()


def receive(stream: InputStream, length: int, body: IO[bytes]) -> bool:
    """Read `length` bytes from a stream into `body`; False if the stream ends before."""
    while length and (chunk := stream.read(min(length, IN_MEMORY))):
        body.write(chunk)
        length -= len(chunk)
    body.seek(0)
    return not length
