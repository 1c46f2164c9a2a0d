"""The server's side of decoders: started when needed, kept warm, killed past their limits."""

import atexit
import os
import subprocess
import sys
from pathlib import Path
from socket import socket, socketpair
from threading import Lock
from typing import Any

from imaging import frames
from imaging.decode import MAX_PIXELS
from imaging.errors import ImageError, Reason
from imaging.sanitize import ENCODERS, Result

# A legal animation takes up to 8 seconds of one core, the hungriest image 370 MB. Program and
# libraries, which RLIMIT_DATA does not count, add 10 MB.
CPU_SECONDS, MEGABYTES = 15, 390
# Processor time ends nearly all of what hangs; this is for a decoder that waits.
SECONDS = 30
# For Python to start on a busy machine.
START_SECONDS = 30
# An idle decoder holds 20 MB; most servers decode one image at a time.
MAX_IDLE = 1
ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[1]),
    # Python 3.13.0 leaves half a file where it may write no more, and fails on it ever after.
    "PYTHONDONTWRITEBYTECODE": "1",
    # Memory that an image took goes back to the system.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


class Decoder:
    """A process that decodes for this server, and ends with it."""

    def __init__(
        self, cpu_seconds: int = CPU_SECONDS, megabytes: int = MEGABYTES, seconds: float = SECONDS
    ) -> None:
        self.seconds = seconds
        self.is_ready = False
        self.line, theirs = socketpair()
        reader, self.lifeline = os.pipe()
        try:
            self.process = _start(theirs, reader, cpu_seconds, megabytes)
        except OSError:
            # The machine has no room for another process.
            self.line.close()
            os.close(self.lifeline)
            raise
        finally:
            theirs.close()
            os.close(reader)
        try:
            frames.receive(self.line, START_SECONDS)
        except (EOFError, OSError) as error:
            self.end()
            raise RuntimeError("The decoder does not start; standard error says why.") from error
        self.is_ready = True

    def run(self, job: str, data: bytes, **options: Any) -> Result:
        """Do a job; ImageError if the image is refused or takes more than the limits allow."""
        self.is_ready = False
        try:
            frames.send(self.line, {"job": job, "options": options}, data, self.seconds)
            head, body = frames.receive(self.line, self.seconds)
        except (EOFError, OSError) as error:
            raise ImageError(Reason.TOO_COSTLY) from error
        if "refused" in head:
            reason = Reason(head["refused"])
            # Memory that it could not get may have left the decoder half way through something.
            self.is_ready = reason is not Reason.TOO_COSTLY
            raise ImageError(reason)
        result = _checked(Result(body, **head))
        self.is_ready = True
        return result

    def end(self) -> None:
        """Kill the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.line.close()
        os.close(self.lifeline)


def _start(line: socket, lifeline: int, *limits: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "imaging.decoder", str(lifeline), *map(str, limits)]
    return subprocess.Popen(  # noqa: S603, for it runs ourselves
        command,
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        pass_fds=[lifeline],
        cwd="/",
        env=ENVIRONMENT,
    )


def _checked(result: Result) -> Result:
    """Return what a decoder sent; ValueError if no decoder of ours would send that."""
    pixels = result.width * result.height
    length = pixels * len(result.format)
    is_right = (
        len(result.data) == length
        if result.format in {"RGB", "RGBA"}
        else result.format in ENCODERS
    )
    if not 0 < pixels <= MAX_PIXELS or not is_right:
        raise ValueError("The decoder sent something else than an image.")
    return result


idle: list[Decoder] = []
lock = Lock()


def run(job: str, data: bytes, **options: Any) -> Result:
    """Do a job in a decoder that is idle, or in a new one."""
    decoder = _idle_decoder() or Decoder()
    try:
        return decoder.run(job, data, **options)
    finally:
        with lock:
            is_kept = decoder.is_ready and len(idle) < MAX_IDLE
            if is_kept:
                idle.append(decoder)
        if not is_kept:
            decoder.end()


def _idle_decoder() -> Decoder | None:
    with lock:
        while idle:
            decoder = idle.pop()
            # Something else may have ended it.
            if decoder.process.poll() is None:
                return decoder
            decoder.end()
    return None


@atexit.register
def end_idle() -> None:
    """End the decoders that wait."""
    while idle:
        idle.pop().end()
