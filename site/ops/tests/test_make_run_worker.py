"""`make run` starts a worker beside the server, and ends it with the server."""

import os
import signal
import subprocess
import time
from pathlib import Path

from ops.tests.conftest import Run, Serve


def workers(copy: Path) -> list[int]:
    """Return the process ids of the copy's workers."""
    command = ["ps", "-axww", "-o", "pid=,args="]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if f" {copy}/manage.py worker" in line]


def test_a_worker_that_dies_is_started_again_and_none_is_left_at_the_end(
    copy: Path, var: Path, run: Run, make_run: Serve
) -> None:
    with make_run():
        [first] = workers(copy)
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 30
        while workers(copy) in ([], [first]):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert len(workers(copy)) == 1
    assert workers(copy) == []
