"""A decoder: a process that decodes untrusted images, one after the other, within limits.

    python -m imaging.decoder LIFELINE CPU_SECONDS MEGABYTES

It talks with its server over the socket that is its standard input, and ends when the server's end
of the pipe LIFELINE is closed.
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

from PIL import GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from imaging import frames
from imaging.errors import ImageError
from imaging.sanitize import Result, preview, reduce, sanitize, sanitize_photo

JOBS: dict[str, Callable[..., Result]] = {
    job.__name__: job for job in (sanitize, preview, sanitize_photo, reduce)
}
# Loaded before the first image comes, which would otherwise wait for them.
PLUGINS = (GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)


def main(lifeline: int, cpu_seconds: int, megabytes: int) -> None:
    """Do what the server asks until it ends."""
    line = socket(fileno=0)
    end_with(lifeline)
    limit(megabytes)
    # Until here a broken installation shows in the server's log; nothing about an image may.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    frames.send(line, {})
    # What is loaded stays, and need not be looked through each time.
    gc.freeze()
    while True:
        head, data = frames.receive(line)
        limit_cpu(math.ceil(time.process_time()) + cpu_seconds)
        frames.send(line, *answer(head["job"], data, head["options"]))
        # Nothing of this image may count against the next; errors keep theirs in cycles.
        del data
        gc.collect()


def end_with(lifeline: int) -> None:
    """Let the kernel end this process when nobody holds the other end of a pipe any more.

    SIGIO needs no thread of ours, so it also ends a decoder that is busy with an image.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    # Ctrl-C is for the server, which finishes what it is doing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)


def limit(megabytes: int) -> None:
    """Take no more memory than that, and neither write files nor start processes."""
    for name, most in (
        (resource.RLIMIT_DATA, megabytes * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        # Where even less is allowed already, only root could raise it.
        _, hard = resource.getrlimit(name)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (limit, limit))


def limit_cpu(seconds: int) -> None:
    """Let the kernel end this process once it has used so much processor time in all."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = seconds if hard == resource.RLIM_INFINITY else min(seconds, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answer(job: str, data: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Do a job, and return what came of it, or why not."""
    try:
        result = JOBS[job](data, **options)._asdict()
    except ImageError as error:
        return {"refused": error.reason}, b""
    return result, result.pop("data")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
