"""The cost of decoding in a separate process: time and memory for a photo of 12 megapixels."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from imaging import sanitize
from imaging.pool import Decoder
from tools.bench.memory import megabytes
from tools.bench.photo_files import photo

SIZE = (4000, 3000)
JOBS: list[tuple[Any, dict[str, Any]]] = [
    (sanitize.sanitize, {"fit": (2048, 4096), "cover": 160}),
    (sanitize.preview, {"size": (640, 480)}),
]
TIMES = 9


def measure() -> None:
    """Print the time that jobs take in this process and in a decoder, and the decoder's memory."""
    data = photo(SIZE)
    decoder = Decoder()
    print(
        f"| a photo of 12 megapixels, {len(data) / 1e6:.1f} MB |"
        " in this process | in a decoder | difference |"
    )
    print("|---|---|---|---|")
    for job, options in JOBS:
        work = partial(job, data, **options), partial(decoder.run, job.__name__, data, **options)
        for name, (here, there) in zip(
            ("time", "processor time"), medians(decoder, *work), strict=True
        ):
            times = " | ".join(f"{time:.0f} ms" for time in (here, there, there - here))
            print(f"| {job.__name__}, {name} | {times} |")
    idle, peak = (megabytes(name, decoder.process.pid) for name in ("VmRSS", "VmHWM"))
    print(
        f"\nThe decoder used at most {peak:.0f} MB of memory, and {idle:.0f} MB when idle again.",
        end=" ",
    )
    decoder.end()
    started = perf_counter()
    Decoder().end()
    print(f"A decoder starts and ends in {1000 * (perf_counter() - started):.0f} ms.\n")


def medians(decoder: Decoder, *works: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Return the median milliseconds that each job takes, and those of processor time.

    The jobs take turns. The first turn warms up and does not count.
    """
    times: list[list[float]] = [[] for _ in works]
    processor: list[list[float]] = [[] for _ in works]
    for turn in range(TIMES + 1):
        for work, taken, computed in zip(works, times, processor, strict=True):
            before = perf_counter(), process_time() + processor_seconds(decoder)
            work()
            if turn:
                taken.append(1000 * (perf_counter() - before[0]))
                computed.append(1000 * (process_time() + processor_seconds(decoder) - before[1]))
    return [median(taken) for taken in times], [median(taken) for taken in processor]


def processor_seconds(decoder: Decoder) -> float:
    """Return the processor time that a decoder has used."""
    fields = Path(f"/proc/{decoder.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
