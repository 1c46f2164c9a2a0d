"""A decoder starts threads, which HEIC needs, but no process and no program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imaging import no_processes, pool

# Reports what a process may still do after it has given up its rights.
TRIES = """
import os, subprocess, sys, threading
from imaging import no_processes
if sys.argv[1] == "without a filter":
    no_processes.NUMBERS.clear()
no_processes.forbid_processes()

def tried(name, job):
    try:
        job()
    except (OSError, RuntimeError):
        print(name, "refused")
    else:
        print(name, "allowed")

tried("thread", lambda: threading.Thread(target=print, args=[end := ""]).start())
tried("program", lambda: subprocess.run(["true"]))
tried("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
tried("replace", lambda: os.execv("/bin/true", ["true"]))
tried("fork", lambda: os.fork() or os._exit(0))
"""


def report(mode: str = "") -> list[str]:
    environment = {"PYTHONPATH": pool.ENVIRONMENT["PYTHONPATH"], "PATH": os.environ["PATH"]}
    command = [sys.executable, "-W", "ignore", "-c", TRIES, mode]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert not done.stderr
    return done.stdout.split("\n")


@pytest.mark.skipif(not no_processes.is_supported(), reason="This machine has no such filter.")
def test_only_threads_can_be_started() -> None:
    lines = report()
    assert "thread allowed" in lines
    for name in ("program", "spawn", "replace", "fork"):
        assert f"{name} refused" in lines


@pytest.mark.skipif(os.geteuid() == 0, reason="This limit does not hold for root.")
def test_without_a_filter_not_even_threads_can_be_started() -> None:
    lines = report("without a filter")
    for name in ("thread", "program", "fork"):
        assert f"{name} refused" in lines


def test_a_running_decoder_has_the_filter() -> None:
    decoder = pool.Decoder()
    status = Path(f"/proc/{decoder.process.pid}/status").read_text()
    decoder.end()
    assert "Seccomp:\t2" in status or not no_processes.is_supported()
