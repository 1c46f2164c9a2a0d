"""Kill the server while people write, and check that no acknowledged write is lost.

ROUNDS is the number of times, 50 by default.
"""

import os
import sys
import time
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.db import connection

from tools.servers.site import serving_process
from tools.stress.consistency import faults
from tools.stress.processes import kill_all_but_decoders
from tools.stress.writer import Writers

WRITERS = 6


def main() -> None:
    """Kill the server again and again, and check the data each time."""
    rounds = int(os.environ.get("ROUNDS", "50"))
    random = Random(1)
    writers = Writers(WRITERS)
    decoders = 0
    for number in range(rounds):
        killed, left = load_and_kill(writers, random.uniform(0.2, 1.5))
        decoders += killed
        found = [f"{left} processes outlived their server"] * (left > 0)
        if found := found + writers.lost_writes() + list(faults()):
            sys.exit("\n".join([f"After round {number + 1}:", *found[:20]]))
    count = writers.acknowledged
    print(f"{rounds} rounds on {connection.vendor}: {count:,} acknowledged writes, 0 lost;")
    print(f"{decoders} decoders ended with their servers")
    if failed := sum(writers.statuses[status] for status in writers.statuses if status >= 500):
        sys.exit(f"{failed} requests were answered with an error.")


def load_and_kill(writers: Writers, seconds: float) -> tuple[int, int]:
    """Kill the server while people write; return its decoders and how many of them outlived it."""
    with (
        Path(os.environ["FOLDER"], "log").open("a") as log,
        serving_process(log) as (server, url),
        writers.keep_writing(urlsplit(url).netloc),
    ):
        time.sleep(seconds)
        return kill_all_but_decoders(server.pid)
