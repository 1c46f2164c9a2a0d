"""The processes of a server, including its decoders."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DECODER = b"imaging.decoder"
# The time that the kernel may take to end the decoders of a killed server.
SECONDS_TO_END = 5


def processes(group: int) -> Iterator[tuple[int, bool]]:
    """Yield the ids of the processes of a group, and whether each is a decoder."""
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while its files are read.
        with suppress(OSError):
            state, _, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                yield int(folder.name), DECODER in (folder / "cmdline").read_bytes()


def kill_all_but_decoders(group: int) -> tuple[int, int]:
    """Kill a server; return how many decoders it had, and how many of them outlived it."""
    found = list(processes(group))
    for pid, is_decoder in found:
        if not is_decoder:
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + SECONDS_TO_END
    while (left := sum(1 for _ in processes(group))) and time.monotonic() < until:
        time.sleep(0.05)
    return sum(is_decoder for _, is_decoder in found), left
