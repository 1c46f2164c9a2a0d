"""Decoder slots that a test holds, so that the next decoder has to wait."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

from imaging import slots


@contextmanager
def all_slots_held(kind: str, count: int) -> Iterator[None]:
    """Hold all slots of a kind inside the block."""
    with ExitStack() as locks:
        for number in range(count):
            locks.enter_context(slots.locked([f"{kind}-{number}"], monotonic()))
        yield
