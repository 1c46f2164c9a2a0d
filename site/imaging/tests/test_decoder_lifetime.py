"""Decoders are kept for the next image, and none outlives its server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imaging import pool
from imaging.pool import Decoder
from testing.image_files import encode, halves

ROOT = Path(__file__).parents[3]
# A server that starts a decoder, prints its process id, and gives it a job that takes long.
SERVER = """
from imaging.pool import Decoder
from testing.hostile_image_files import HOSTILE
decoder = Decoder()
data = HOSTILE["JPEG of 80 scans of 40 megapixels"]()
print(decoder.process.pid, flush=True)
IF_BUSY
input()
"""


@pytest.fixture(autouse=True)
def no_idle_decoders() -> Iterator[None]:
    pool.end_idle()
    yield
    pool.end_idle()


def wait_until(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_decoder_ends_at_once_when_its_server_is_killed(is_busy: bool) -> None:
    work = 'decoder.run("sanitize", data)' if is_busy else ""
    command = [sys.executable, "-c", SERVER.replace("IF_BUSY", work)]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    with subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdout
        pid = int(server.stdout.readline())
        assert is_running(pid)
        if is_busy:
            stat = Path(f"/proc/{pid}/stat")
            assert wait_until(lambda: int(stat.read_text().split()[13]) > 50)
        server.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        assert wait_until(lambda: not is_running(pid))
        # The job itself would have taken longer.
        assert not is_busy or time.monotonic() - killed < 2


def test_a_decoder_is_reused_for_the_next_image() -> None:
    image = encode(halves(), "PNG")
    pool.run("sanitize", image)
    [decoder] = pool.idle
    pool.run("preview", image, size=(10, 10))
    assert pool.idle == [decoder]
    assert decoder.is_ready


def test_a_decoder_that_was_killed_while_idle_is_replaced() -> None:
    image = encode(halves(), "PNG")
    pool.run("sanitize", image)
    [decoder] = pool.idle
    decoder.process.kill()
    decoder.process.wait()
    assert pool.run("sanitize", image).width == 60
    assert pool.idle != [decoder]


def test_only_a_few_idle_decoders_are_kept() -> None:
    image = encode(halves(size=(600, 400)), "PNG")
    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(lambda _: pool.run("sanitize", image).width, range(6)))
    assert results == [600] * 6
    assert len(pool.idle) == pool.MAX_IDLE


def test_a_process_that_cannot_be_started_leaves_no_open_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", fail)
    before = sorted(Path("/proc/self/fd").iterdir())
    with pytest.raises(BlockingIOError):
        Decoder()
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_a_decoder_that_does_not_start_raises_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pool.ENVIRONMENT, "PYTHONPATH", "/nowhere")
    with pytest.raises(RuntimeError, match="did not start"):
        Decoder()
