"""The server's side of decoders: start them on demand, reuse them, and end them at their limits."""

import atexit
import os
import subprocess
import sys
from pathlib import Path
from socket import socket, socketpair
from threading import Lock
from typing import Any

from imaging import frames
from imaging.errors import NUMBERS, ImageError, Reason
from imaging.formats.source import MAX_PIXELS
from imaging.pixels import needed_size
from imaging.sanitize import ENCODERS, MAX_RATIO, SMALLEST, Result

# An animation within the limits takes up to 8 seconds of one core, the costliest image 370 MB. The
# program and its libraries, which RLIMIT_DATA does not count, add 10 MB.
CPU_SECONDS, MEGABYTES = 15, 390
# A time limit for a decoder that hangs without using processor time.
SECONDS = 30
# Starting Python may take this long on a busy machine.
START_SECONDS = 30
# An idle decoder takes 20 MB, and most servers decode one image at a time.
MAX_IDLE = 1
ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[1]),
    # Python 3.13.0 leaves a truncated .pyc at the file size limit, and fails to import it later.
    "PYTHONDONTWRITEBYTECODE": "1",
    # Return the memory of an image to the system.
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
        self.line, decoder_line = socketpair()
        decoder_lifeline, self.lifeline = os.pipe()
        try:
            self.process = _start(decoder_line, decoder_lifeline, cpu_seconds, megabytes)
        except OSError:
            # The machine cannot start another process.
            self.line.close()
            os.close(self.lifeline)
            raise
        finally:
            decoder_line.close()
            os.close(decoder_lifeline)
        try:
            frames.receive(self.line, START_SECONDS)
        except (EOFError, OSError) as error:
            self.end()
            raise RuntimeError("The decoder did not start. See standard error.") from error
        self.is_ready = True

    def run(self, job: str, data: bytes, **options: Any) -> Result:
        """Run a job; ImageError if the image is refused or exceeds the limits."""
        self.is_ready = False
        try:
            frames.send(self.line, {"job": job, "options": options}, data, self.seconds)
            head, body = frames.receive(self.line, self.seconds)
        except (EOFError, OSError) as error:
            raise ImageError(Reason.TOO_COSTLY) from error
        if "refused" in head:
            refusal = _checked_error(**head)
            # A decoder that ran out of memory may be in an inconsistent state.
            self.is_ready = refusal.reason is not Reason.TOO_COSTLY
            raise refusal
        result = _checked(Result.unpacked(head, body), **options)
        self.is_ready = True
        return result

    def end(self) -> None:
        """Kill the process, even if it is busy."""
        self.process.kill()
        self.process.wait()
        self.line.close()
        os.close(self.lifeline)


def _start(line: socket, lifeline: int, *limits: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "imaging.decoder", str(lifeline), *map(str, limits)]
    return subprocess.Popen(  # noqa: S603, a command of our own
        command,
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        pass_fds=[lifeline],
        cwd="/",
        env=ENVIRONMENT,
    )


def _checked_error(refused: str, numbers: dict[str, int]) -> ImageError:
    """Return the error that a decoder sent; ValueError if it is invalid."""
    if {*numbers} - NUMBERS or not all(isinstance(value, int) for value in numbers.values()):
        raise ValueError("The decoder sent an invalid error.")
    return ImageError(Reason(refused), **numbers)


def _checked(
    result: Result, fit: tuple[int, int] = SMALLEST, cover: int = 1, **options: Any
) -> Result:
    """Return the result of a job with these options.

    ValueError if it is invalid, as after a takeover.
    """
    pixels, size = result.pixels, (result.width, result.height)
    sides = *size, pixels.width, pixels.height, pixels.full_width, pixels.full_height
    length = pixels.width * pixels.height * len(pixels.mode)
    is_valid = (
        all(type(side) is int and side > 0 for side in sides)
        and result.width * result.height <= MAX_PIXELS
        # A small preview of a narrow image is a little narrower.
        and max(size) <= 2 * MAX_RATIO * min(size)
        and (pixels.full_width, pixels.full_height) == size
        and (pixels.width, pixels.height) == needed_size(size, fit, cover)
        and pixels.mode in {"RGB", "RGBA"}
        and length == len(pixels.data)
        and (result.format in ENCODERS or not (result.data or result.format))
    )
    if not is_valid:
        raise ValueError("The decoder sent an invalid result.")
    return result


idle: list[Decoder] = []
lock = Lock()


def run(job: str, data: bytes, **options: Any) -> Result:
    """Run a job in an idle decoder, or in a new one."""
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
            # An idle decoder may have been killed from outside.
            if decoder.process.poll() is None:
                return decoder
            decoder.end()
    return None


@atexit.register
def end_idle() -> None:
    """End the idle decoders."""
    while idle:
        idle.pop().end()
