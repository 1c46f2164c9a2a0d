"""Send no requests to a store that does not answer, except for one now and then."""

from threading import Lock
from time import monotonic
from typing import Any

from botocore.exceptions import BotoCoreError, ConnectTimeoutError, ReadTimeoutError

# Seconds until the next request after one without an answer, and while one has no answer yet.
PAUSE, LONGEST = 5, 25


class SilentError(BotoCoreError):  # type: ignore[misc]
    """A request was not sent, because the store did not answer others."""

    fmt = "The store does not answer."


class CircuitBreaker:
    """Refuse new requests at once after one has timed out, until one is answered.

    Otherwise, requests that wait for the store would take up all threads of a server.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.is_silent = False
        self.next_try = 0.0

    def watch(self, client: Any) -> None:
        """Be asked by a client before each attempt, and told how it ended."""
        client.meta.events.register("before-send.s3", self.before)
        client.meta.events.register("needs-retry.s3", self.after)

    def before(self, request: Any, **event: Any) -> None:
        # A second attempt often succeeds, as when a store has elected a new master.
        is_first = "attempt=1;" in str(request.headers["amz-sdk-request"])
        with self.lock:
            if is_first and self.is_silent and monotonic() < self.next_try:
                raise SilentError
            self.next_try = monotonic() + LONGEST

    def after(self, caught_exception: Exception | None, **event: Any) -> None:
        with self.lock:
            if caught_exception is None:
                self.is_silent = False
            elif not isinstance(caught_exception, SilentError):
                self.is_silent |= isinstance(
                    caught_exception, ConnectTimeoutError | ReadTimeoutError
                )
                self.next_try = monotonic() + PAUSE
