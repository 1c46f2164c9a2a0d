"""Limit how much is fetched and decoded at a time, per server, per machine and per person.

At most half of a server's threads fetch and decode; the others keep answering requests.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imaging import slots

type Kind = Literal["decode", "fetch"]

# Seconds that a request, and that a command, may wait for slots in total.
REQUEST_WAIT, COMMAND_WAIT = 15, 600
# Seconds after which to repeat a refused request.
RETRY_AFTER = 3

BUSY = _(
    "Magpie is busy with other images. Wait a few seconds and try again. "
    "If you chose a file, choose it again first."
)


class BusyError(ValidationError):
    """The server or the machine has no capacity for this request at the moment."""

    def __init__(self) -> None:
        super().__init__(BUSY, code="busy")


class ConcurrencyLimit:
    """A limit on this server's requests that fetch or decode. One viewer gets half of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.share = size // 2
        self.running: Counter[str] = Counter()
        self.lock = Lock()

    def acquire(self, viewer: str) -> bool:
        """Count a request of a viewer as running; False if that exceeds the limit."""
        with self.lock:
            is_free = self.running.total() < self.size and self.running[viewer] < self.share
            self.running[viewer] += is_free
            return is_free

    def release(self, viewer: str) -> None:
        """Count a request of a viewer as ended."""
        with self.lock:
            self.running[viewer] -= 1
            # Adding removes counts of zero.
            self.running += Counter()


concurrency = ConcurrencyLimit(settings.THREADS // 2)


class Admission:
    """The slots that a request or a command holds, and the time that it may still wait for more."""

    def __init__(
        self, viewer: Callable[[], object] | None = None, max_wait: float = COMMAND_WAIT
    ) -> None:
        # Commands have no viewer, and no concurrency limit.
        self.viewer = viewer
        self.max_wait = max_wait
        self.admitted = ""
        self.was_refused = False
        self.kinds: set[Kind] = set()
        self.busy_callbacks: list[Callable[[], object]] = []

    @contextmanager
    def slot(self, kind: Kind, count: int) -> Iterator[None]:
        """Hold one of the machine's slots inside the block; inner blocks share it."""
        if kind in self.kinds:
            yield
            return
        with ExitStack() as locks:
            try:
                self._wait(locks, kind, count)
            except slots.NoSlotError as error:
                self.was_refused = True
                raise BusyError from error
            self.kinds.add(kind)
            try:
                yield
            finally:
                self.kinds.remove(kind)

    def close(self) -> None:
        """Stop counting this request as running."""
        if self.admitted:
            concurrency.release(self.admitted)

    def _wait(self, locks: ExitStack, kind: Kind, count: int) -> None:
        if self.viewer and not self.admitted:
            viewer = str(self.viewer())
            if not concurrency.acquire(viewer):
                raise slots.NoSlotError
            self.admitted = viewer
        started = monotonic()
        deadline = started + self.max_wait
        machine = [f"{kind}-{number}" for number in range(count)]
        try:
            # Lock the viewer's slot first: waiting for it must not block a slot of the machine.
            if self.admitted:
                locks.enter_context(slots.locked([f"{kind}-of-{self.admitted}"], deadline))
            locks.enter_context(slots.locked(machine, deadline))
        finally:
            self.max_wait -= monotonic() - started


current: ContextVar[Admission | None] = ContextVar("current", default=None)


@contextmanager
def admitting(admission: Admission) -> Iterator[Admission]:
    """Use `admission` for all fetching and decoding inside the block."""
    token = current.set(admission)
    try:
        yield admission
    finally:
        current.reset(token)
        admission.close()


def viewer_key() -> str:
    """Return the key of this request's viewer, or "" in a command."""
    admission = current.get()
    return str(admission.viewer()) if admission and admission.viewer else ""


def on_busy(callback: Callable[[], object]) -> None:
    """Call `callback` if this request is refused as busy."""
    if admission := current.get():
        admission.busy_callbacks.append(callback)


def decoding() -> AbstractContextManager[None]:
    """Decode inside the block, with one slot for all of it; BusyError if there is none.

    Enter it outside of transactions: a request that holds a slot may be waiting for the database.
    """
    return _slot("decode", settings.DECODE_SLOTS)


def fetching() -> AbstractContextManager[None]:
    """Fetch from other sites inside the block; BusyError if there is no slot."""
    return _slot("fetch", settings.FETCH_SLOTS)


@contextmanager
def _slot(kind: Kind, count: int) -> Iterator[None]:
    existing = current.get()
    context = nullcontext(existing) if existing else admitting(Admission())
    with context as admission, admission.slot(kind, count):
        yield
