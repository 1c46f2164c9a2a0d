"""Threads that put load on a site for a while."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

type Task = Callable[[str, Event], None]


@contextmanager
def load(tasks: Iterable[Task], host: str) -> Iterator[None]:
    """Run each task in its own thread. The end of the block sets the event that ends the tasks."""
    is_over = Event()
    threads = [Thread(target=task, args=(host, is_over)) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
