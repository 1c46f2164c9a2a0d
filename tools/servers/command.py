"""Run a command while a server runs that it needs."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager


def run_with(
    server: AbstractContextManager[str],
    settings: Callable[[str], dict[str, str]],
    command: list[str],
) -> int:
    """Run a command with the settings for a server's address, and return its exit code."""
    # On SIGTERM, end the command, and then the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with server as url, subprocess.Popen(command, env=os.environ | settings(url)) as run:
        signal.signal(signal.SIGTERM, lambda *_: run.terminate())
        # Ctrl-C reaches the command directly.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return run.returncode
