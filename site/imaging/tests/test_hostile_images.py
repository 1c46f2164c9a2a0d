"""No file takes more time or memory than a decoder may use."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from imaging import pool
from imaging.errors import ImageError, Reason
from imaging.pool import Decoder
from testing.crafted_image_files import noisy_apng, webp_header
from testing.hostile_image_files import HOSTILE, MAX_BYTES
from testing.image_files import encode, halves

LIMIT = 400
# Less than the site allows, to keep the tests short.
CPU_SECONDS = 4


class Peak:
    """The peak memory of a process in megabytes."""

    def __init__(self, pid: int) -> None:
        self.status = Path(f"/proc/{pid}/status")
        self.megabytes = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Poll inside the block, because the peak cannot be read after the process has ended."""
        is_over = Event()
        thread = Thread(target=self._watch, args=[is_over])
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _watch(self, is_over: Event) -> None:
        while True:
            # The process may have ended.
            with suppress(OSError):
                if found := re.search(r"VmHWM:\s+(\d+) kB", self.status.read_text()):
                    self.megabytes = int(found[1]) // 1024
            if is_over.wait(0.02):
                return


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    decoder = Decoder(cpu_seconds=CPU_SECONDS)
    yield decoder
    decoder.end()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_image_is_refused_within_the_limits(decoder: Decoder, name: str) -> None:
    data = HOSTILE[name]()
    assert len(data) <= MAX_BYTES
    peak = Peak(decoder.process.pid)
    with peak.watched(), suppress(ImageError):
        result = decoder.run("sanitize", data)
        # An image may also be accepted if its result is small and harmless.
        assert len(result.data) < 1_000_000
    assert 0 < peak.megabytes < LIMIT


def test_a_decoder_over_its_time_limit_is_killed_and_the_next_image_is_decoded() -> None:
    decoder = Decoder(cpu_seconds=1)
    # It takes several seconds on any machine, while the costliest JPEG takes little more than one.
    with pytest.raises(ImageError) as error:
        decoder.run("sanitize", noisy_apng((2000, 1000), 50, 1, 0))
    assert error.value.reason is Reason.TOO_COSTLY
    assert not decoder.is_ready
    assert decoder.process.wait(20) < 0
    decoder.end()
    assert pool.run("sanitize", encode(halves(), "PNG")).width == 60


def test_a_decoder_over_its_memory_limit_is_ended_and_the_next_image_is_decoded() -> None:
    decoder = Decoder(megabytes=60)
    assert decoder.run("sanitize", encode(halves(), "PNG")).width == 60
    large = encode(halves(size=(5000, 4000)), "PNG")
    with pytest.raises(ImageError) as error:
        decoder.run("sanitize", large)
    assert error.value.reason is Reason.TOO_COSTLY
    assert not decoder.is_ready
    decoder.end()
    assert pool.run("sanitize", large).width == 5000


def test_a_decoder_that_does_not_answer_in_time_is_ended() -> None:
    decoder = Decoder(seconds=0.2)
    with pytest.raises(ImageError) as error:
        decoder.run("sanitize", HOSTILE["JPEG of 80 scans of 40 megapixels"]())
    assert error.value.reason is Reason.TOO_COSTLY
    assert not decoder.is_ready
    decoder.end()
    assert decoder.process.returncode is not None


def test_each_image_gets_the_full_time_limit() -> None:
    decoder = Decoder(cpu_seconds=1)
    image = encode(halves(size=(2000, 1500)), "PNG")
    stat = Path(f"/proc/{decoder.process.pid}/stat")
    while int(stat.read_text().split()[13]) < 2 * os.sysconf("SC_CLK_TCK"):
        assert decoder.run("sanitize", image).width == 2000
    decoder.end()


def test_the_memory_of_an_image_is_freed_before_the_next(decoder: Decoder) -> None:
    # The exception for this WebP keeps its canvas in memory until it is collected.
    for image in [webp_header(8020, 5000)] * 3 + [encode(halves(size=(6000, 6000)), "PNG")]:
        with suppress(ImageError):
            decoder.run("sanitize", image)
        assert decoder.is_ready
