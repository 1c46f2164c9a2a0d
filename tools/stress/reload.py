"""Servers that are started anew, and ended, under load, of which no request may notice.

RELOADS is how many, 5 unless told.
"""

import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from django.db import connection

from tools.servers.site import handing_over, wait_until
from tools.stress.client import REFUSED
from tools.stress.consistency import faults
from tools.stress.writer import Writers

WRITERS = 6


def main() -> None:
    """Start it anew again and again, and end it, and look what became of the requests."""
    reloads = int(os.environ.get("RELOADS", "5"))
    writers = Writers(WRITERS)
    failed = reload_and_end(writers, Path(os.environ["FOLDER"]), reloads)
    lost = writers.lost()
    requests = writers.statuses.total() - writers.statuses[REFUSED] + failed[REFUSED]
    print(
        f"{reloads} reloads and a SIGTERM on {connection.vendor}: "
        f"{requests:,} requests, {failed.total()} failed; "
        f"{writers.acknowledged:,} acknowledged writes, {len(lost)} lost"
    )
    if failed or (lost := lost + list(faults())):
        sys.exit("\n".join([f"Failed: {dict(failed)}", *lost[:20]]))


def reload_and_end(
    writers: Writers, folder: Path, reloads: int, **environment: str
) -> Counter[int]:
    """Do so while all write; returns what was answered instead of what was asked for."""
    name = folder / "socket"
    with (
        (folder / "log").open("w") as log,
        handing_over(name, log, **environment) as server,
        writers.writing(str(name)),
    ):
        for _ in range(reloads):
            before = name.resolve()
            time.sleep(1)
            server.send_signal(signal.SIGHUP)
            wait_until(lambda before=before: not before.exists(), server)  # type: ignore[misc]
        time.sleep(1)
        refused = writers.statuses[REFUSED]
        server.terminate()
        server.wait()
    failed = writers.statuses - Counter({200: sys.maxsize, 303: sys.maxsize})
    # Who finds nobody has sent nothing, but until the end there has to be somebody.
    failed[REFUSED] = refused
    return +failed
