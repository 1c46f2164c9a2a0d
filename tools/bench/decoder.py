"""The cost of decoding in a separate process: time and memory for a photo of 12 megapixels."""

import io
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from PIL import Image

from imaging import sanitize
from imaging.pool import Decoder

SIZE = (4000, 3000)
TIMES = 9


def measure() -> None:
    """Print the time that jobs take in this process and in a decoder, and the decoder's memory."""
    photo = photo_of_12_megapixels()
    decoder = Decoder()
    print(
        f"| a photo of 12 megapixels, {len(photo) / 1e6:.1f} MB |"
        " in this process | in a decoder | difference |"
    )
    print("|---|---|---|---|")
    for job, options in ((sanitize.sanitize, {}), (sanitize.preview, {"size": (640, 480)})):
        work = partial(job, photo, **options), partial(decoder.run, job.__name__, photo, **options)
        for name, (here, there) in zip(
            ("time", "processor time"), medians(decoder, *work), strict=True
        ):
            times = " | ".join(f"{time:.0f} ms" for time in (here, there, there - here))
            print(f"| {job.__name__}, {name} | {times} |")
    idle, peak = megabytes(decoder, "VmRSS"), megabytes(decoder, "VmHWM")
    print(
        f"\nThe decoder used at most {peak} MB of memory, and {idle} MB when it was idle again.",
        end=" ",
    )
    decoder.end()
    started = perf_counter()
    Decoder().end()
    print(f"A decoder starts and ends in {1000 * (perf_counter() - started):.0f} ms.\n")


def photo_of_12_megapixels() -> bytes:
    """Return a JPEG with as much detail as a photo from a phone."""
    coarse = [Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 90) for _ in range(3)]
    fine = [Image.effect_noise(SIZE, 12) for _ in range(3)]
    bands = [
        Image.blend(large.resize(SIZE, Image.Resampling.BICUBIC), small, 0.3)
        for large, small in zip(coarse, fine, strict=True)
    ]
    buffer = io.BytesIO()
    Image.merge("RGB", bands).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


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


def megabytes(decoder: Decoder, name: str) -> int:
    status = Path(f"/proc/{decoder.process.pid}/status").read_text()
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0
