"""Servers killed while people write, after which every write that was acknowledged is there.

ROUNDS is how many, 50 unless told.
"""

import os
import signal
import sys
import time
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.db import connection

from e2e.server import running
from trials.books import faults
from trials.writer import Writers

WRITERS = 6


def main() -> None:
    """Kill the server again and again, and look after each time."""
    rounds = int(os.environ.get("ROUNDS", "50"))
    random = Random(1)
    writers = Writers(WRITERS)
    for number in range(rounds):
        load_and_kill(writers, random.uniform(0.2, 1.5))
        if found := writers.lost() + list(faults()):
            sys.exit("\n".join([f"After round {number + 1}:", *found[:20]]))
    written = writers.acknowledged
    print(f"{rounds} rounds on {connection.vendor}: {written:,} acknowledged writes, 0 lost")
    if failed := sum(writers.statuses[status] for status in writers.statuses if status >= 500):
        sys.exit(f"{failed} requests were answered by an error.")


def load_and_kill(writers: Writers, seconds: float) -> None:
    """Let all write for a while, and kill the server in the middle of it."""
    with (
        Path(os.environ["FOLDER"], "log").open("a") as log,
        running(log) as (server, url),
        writers.writing(urlsplit(url).netloc),
    ):
        time.sleep(seconds)
        os.killpg(server.pid, signal.SIGKILL)
