"""A decoder: a process that decodes untrusted images, one after another, within limits.

    python -m imaging.decoder LIFELINE CPU_SECONDS MEGABYTES

Its standard input is a socket to its server. It ends when the server's end of the pipe LIFELINE is
closed.
"""

import fcntl
import gc
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from socket import socket
from typing import Any

from PIL import GifImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from imaging import frames
from imaging.errors import ImageError
from imaging.no_processes import forbid_processes
from imaging.sanitize import Result, pixels, preview, sanitize, sanitize_photo

JOBS: dict[str, Callable[..., Result]] = {
    job.__name__: job for job in (sanitize, preview, sanitize_photo, pixels)
}
# Imported in advance, so that the first image does not wait for them.
PLUGINS = (GifImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)


def main(lifeline: int, cpu_seconds: int, megabytes: int) -> None:
    """Run the server's jobs until the server ends."""
    line = socket(fileno=0)
    end_with(lifeline)
    limit(megabytes)
    # Errors of a broken installation go to the server's log. Output about an image must not.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    frames.send(line, {})
    # The imported modules stay, so later collections can skip them.
    gc.freeze()
    while True:
        head, data = frames.receive(line)
        limit_cpu(math.ceil(time.process_time()) + cpu_seconds)
        image = bytes(data)
        del data
        frames.send(line, *answer(head["job"], image, head["options"]))
        # Free the memory of this image before the next. Exceptions keep it alive in cycles.
        del image
        gc.collect()


def end_with(lifeline: int) -> None:
    """Let the kernel end this process when the other end of the pipe `lifeline` is closed.

    SIGIO also ends a decoder that is busy with an image, without a thread to watch the pipe.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    # Ctrl-C is for the server, which first finishes its requests.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)


def limit(megabytes: int) -> None:
    """Limit the memory of this process, and forbid it to write files and start processes."""
    for name, most in (
        (resource.RLIMIT_DATA, megabytes * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        # Only root can raise a hard limit that is lower already.
        _, hard = resource.getrlimit(name)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (limit, limit))
    forbid_processes()


def limit_cpu(seconds: int) -> None:
    """Let the kernel end this process once its total processor time reaches `seconds`."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = seconds if hard == resource.RLIM_INFINITY else min(seconds, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answer(job: str, data: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Run a job, and return its result or the reason for refusing the image."""
    try:
        result = JOBS[job](data, **options)
    except ImageError as error:
        return {"refused": error.reason, "numbers": error.numbers}, b""
    return result.packed()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
