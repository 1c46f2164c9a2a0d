"""Who may fetch and decode: few requests of a server, few jobs of a machine, one of a person.

Half of a server's threads answer pages, whatever the others wait for.
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

# Seconds that a request waits for slots altogether, and a task or a command.
MAX_WAIT, COMMAND_MAX_WAIT = 15, 600
# Seconds after which to send again what was refused.
RETRY_AFTER = 3

BUSY = _(
    "Magpie is busy with other images. Wait a few seconds and send this again; "
    "if you chose a file, choose it again first."
)


class BusyError(ValidationError):
    """There is no room for this request at the moment."""

    def __init__(self) -> None:
        super().__init__(BUSY, code="busy")


class Places:
    """The places of this server for requests that fetch or decode, of which a person gets half."""

    def __init__(self, size: int) -> None:
        self.size = max(size, 1)
        self.share = max(self.size // 2, 1)
        self.taken: Counter[str] = Counter()
        self.lock = Lock()

    def enter(self, person: str) -> bool:
        """Take a place for a person; False if there is none."""
        with self.lock:
            is_free = self.taken.total() < self.size and self.taken[person] < self.share
            self.taken[person] += is_free
            return is_free

    def leave(self, person: str) -> None:
        """Give a place back."""
        with self.lock:
            self.taken[person] -= 1
            self.taken += Counter()


places = Places(settings.THREADS // 2)


class Ticket:
    """What a request, or a command, may wait for and holds."""

    def __init__(
        self, person: Callable[[], object] | None = None, max_wait: float = COMMAND_MAX_WAIT
    ) -> None:
        # A command has no person, and takes no place.
        self.person = person
        self.max_wait = max_wait
        self.admitted = ""
        self.was_refused = False
        self.held: set[Kind] = set()
        self.if_busy: list[Callable[[], object]] = []

    @contextmanager
    def slot(self, kind: Kind, count: int) -> Iterator[None]:
        """Hold one of the machine's slots inside the block; inner blocks share it."""
        if kind in self.held:
            yield
            return
        with ExitStack() as files:
            try:
                self._wait(files, kind, count)
            except slots.NoSlotError as error:
                self.was_refused = True
                raise BusyError from error
            self.held.add(kind)
            try:
                yield
            finally:
                self.held.remove(kind)

    def close(self) -> None:
        """Leave the place of this request to another."""
        if self.admitted:
            places.leave(self.admitted)

    def _wait(self, files: ExitStack, kind: Kind, count: int) -> None:
        if self.person and not self.admitted:
            person = str(self.person())
            if not places.enter(person):
                raise slots.NoSlotError
            self.admitted = person
        started = monotonic()
        deadline = started + self.max_wait
        machine = [f"{kind}-{number}" for number in range(count)]
        try:
            # Their own first, so that nobody waits for themselves and holds one of the machine's.
            if self.admitted:
                files.enter_context(slots.locked([f"{kind}-of-{self.admitted}"], deadline))
            files.enter_context(slots.locked(machine, deadline))
        finally:
            self.max_wait -= monotonic() - started


current: ContextVar[Ticket | None] = ContextVar("current", default=None)


@contextmanager
def ticket(new: Ticket) -> Iterator[Ticket]:
    """Let all inside the block fetch and decode on this ticket."""
    token = current.set(new)
    try:
        yield new
    finally:
        current.reset(token)
        new.close()


def person() -> str:
    """Return the key of the person whose request this is, empty in a command."""
    held = current.get()
    return str(held.person()) if held and held.person else ""


def if_busy(do: Callable[[], object]) -> None:
    """Do something if this request ends without a place or a slot."""
    if held := current.get():
        held.if_busy.append(do)


def decoding() -> AbstractContextManager[None]:
    """Decode inside the block, with one slot for all of it; BusyError if there is none.

    Wait for it outside of transactions: others need the database to give theirs back.
    """
    return _slot("decode", settings.DECODE_SLOTS)


def fetching() -> AbstractContextManager[None]:
    """Fetch from other sites inside the block; BusyError if there is no slot."""
    return _slot("fetch", settings.FETCH_SLOTS)


@contextmanager
def _slot(kind: Kind, count: int) -> Iterator[None]:
    held = current.get()
    with nullcontext(held) if held else ticket(Ticket()) as used, used.slot(kind, count):
        yield
