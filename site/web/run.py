"""Serve the site with a worker beside it, as `make run` does. Both end together.

python site/web/run.py OPTION... config.wsgi:application    the options are granian's
"""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

SITE = Path(__file__).resolve().parents[1]
SERVER = [str(SITE / "web/server.py"), *sys.argv[1:]]
WORKER = [str(SITE.parent / "manage.py"), "worker"]
# Seconds before a worker that died is started again.
PAUSE = 1
# Seconds that a task in progress gets to end. If it needs more, it runs again the next time.
GRACE = 5


def start(words: list[str]) -> "subprocess.Popen[bytes]":
    # Ctrl-C does not reach a process group of its own.
    return subprocess.Popen([sys.executable, *words], process_group=0)  # noqa: S603


def main() -> int:
    signals: SimpleQueue[int] = SimpleQueue()
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD:
        signal.signal(number, lambda number, _: signals.put(number))
    server, worker = start(SERVER), start(WORKER)
    while server.poll() is None and signals.get() == signal.SIGCHLD:
        if worker.poll() is not None and server.poll() is None:
            time.sleep(PAUSE)
            worker = start(WORKER)
    # A server that ended by itself says why by its status.
    status = server.poll() or 0
    for process in server, worker:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        worker.wait(GRACE)
    worker.kill()
    server.wait()
    return status


if __name__ == "__main__":
    sys.exit(main())
