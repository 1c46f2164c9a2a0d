"""Reload and stop the server under load, and check that no request fails.

RELOADS is the number of reloads, 5 by default.
"""

import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from django.db import connection

from tools.servers.site import serving_at_socket, wait_until
from tools.stress.client import NO_CONNECTION
from tools.stress.consistency import faults
from tools.stress.writer import Writers

WRITERS = 6


def main() -> None:
    """Reload the server several times, stop it, and check responses and data."""
    reloads = int(os.environ.get("RELOADS", "5"))
    writers = Writers(WRITERS)
    failed = reload_and_stop(writers, Path(os.environ["FOLDER"]), reloads)
    lost = writers.lost_writes()
    requests = writers.statuses.total() - writers.statuses[NO_CONNECTION] + failed[NO_CONNECTION]
    print(
        f"{reloads} reloads and a SIGTERM on {connection.vendor}: "
        f"{requests:,} requests, {failed.total()} failed; "
        f"{writers.acknowledged:,} acknowledged writes, {len(lost)} lost"
    )
    if failed or (lost := lost + list(faults())):
        sys.exit("\n".join([f"Failed: {dict(failed)}", *lost[:20]]))


def reload_and_stop(
    writers: Writers, folder: Path, reloads: int, **environment: str
) -> Counter[int]:
    """Reload and stop the server while people write; return the statuses of failed requests."""
    path = folder / "socket"
    with (
        (folder / "log").open("w") as log,
        serving_at_socket(path, log, **environment) as server,
        writers.keep_writing(str(path)),
    ):
        for _ in range(reloads):
            before = path.resolve()
            time.sleep(1)
            server.send_signal(signal.SIGHUP)
            wait_until(lambda before=before: not before.exists(), server)  # type: ignore[misc]
        time.sleep(1)
        before_stop = writers.statuses[NO_CONNECTION]
        server.terminate()
        server.wait()
    failed = writers.statuses - Counter({200: sys.maxsize, 303: sys.maxsize})
    # After the stop, connections fail. Before it, none may fail.
    failed[NO_CONNECTION] = before_stop
    return +failed
