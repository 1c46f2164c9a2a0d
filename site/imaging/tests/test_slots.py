"""Slots are shared by all processes of a machine, and end with their process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from fcntl import flock
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from imaging import admission
from imaging.admission import Admission, BusyError, admitting, decoding, fetching
from imaging.slots import NoSlotError, locked

ROOT = Path(__file__).parents[3]
# Locks one of the named files, prints a line, and holds the lock until it reads one.
HOLDER = """
import sys
from time import monotonic
from django.conf import settings
settings.configure(SLOTS_ROOT=sys.argv[1])
from imaging.slots import locked
with locked(sys.argv[2:], monotonic()):
    print("locked", flush=True)
    sys.stdin.readline()
"""
Hold = Callable[..., subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SLOTS_ROOT = str(tmp_path / "slots")
    return tmp_path / "slots"


@pytest.fixture
def hold(folder: Path) -> Iterator[Hold]:
    """Let another process hold one of the named files."""
    holders: list[subprocess.Popen[str]] = []

    def hold(*names: str) -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder), *names],
            env=os.environ | {"PYTHONPATH": str(ROOT / "site")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        holders.append(holder)
        return holder

    yield hold
    for holder in holders:
        holder.kill()
        holder.communicate()


def has_locked(holder: subprocess.Popen[str]) -> bool:
    assert holder.stdout
    return holder.stdout.readline() == "locked\n"


def can_lock(*names: str, seconds: float = 0) -> bool:
    try:
        with locked(names, monotonic() + seconds):
            return True
    except NoSlotError:
        return False


def test_no_more_processes_hold_a_slot_than_there_are_slots(hold: Hold) -> None:
    names = ["decode-0", "decode-1"]
    holders = [hold(*names) for _ in range(4)]
    assert sorted(map(has_locked, holders)) == [False, False, True, True]
    assert not can_lock(*names)


def test_a_slot_is_free_at_once_when_its_process_is_killed(hold: Hold) -> None:
    holder = hold("decode-0")
    assert has_locked(holder)
    assert not can_lock("decode-0")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert can_lock("decode-0")


def test_a_waiting_process_gets_the_slot_when_it_is_free(hold: Hold) -> None:
    holder = hold("decode-0")
    assert has_locked(holder)
    assert holder.stdin
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert can_lock("decode-0", seconds=20)


def test_lock_files_are_private_and_are_removed(folder: Path) -> None:
    for number in range(20):
        with locked([f"decode-of-{number}"], monotonic()):
            assert (folder / f"decode-of-{number}").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []


def test_a_removed_lock_file_is_no_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def remove_first(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        monkeypatch.setattr("imaging.slots.flock", flock)
        (folder / "decode-0").unlink()

    monkeypatch.setattr("imaging.slots.flock", remove_first)
    assert not can_lock("decode-0")
    assert can_lock("decode-0")


def test_a_person_holds_one_slot_of_a_kind_at_a_time() -> None:
    def of(person: str) -> Admission:
        return Admission(lambda: person, max_wait=0)

    with admitting(of("7")), decoding(), fetching(), admitting(of("7")) as another:
        for slot in decoding, fetching:
            with pytest.raises(BusyError), slot():
                pass
        assert another.was_refused
        with admitting(of("8")), decoding(), fetching():
            pass
    with admitting(of("7")), decoding(), fetching():
        pass


def test_waiting_for_a_personal_slot_takes_no_slot_of_the_machine(settings: Any) -> None:
    settings.DECODE_SLOTS = 2
    with admitting(Admission(lambda: 7, 0)), decoding():
        with pytest.raises(BusyError), admitting(Admission(lambda: 7, 0.1)), decoding():
            pass
        with admitting(Admission(lambda: 8, 0)), decoding():
            pass


def test_a_nested_block_shares_the_slot_of_the_outer_one(settings: Any) -> None:
    settings.DECODE_SLOTS = 1
    with admitting(Admission(lambda: 7, 0)), decoding():
        with decoding():
            pass
        # The outer block still holds it.
        with pytest.raises(BusyError), admitting(Admission(lambda: 8, 0)), decoding():
            pass


def test_all_slots_of_a_request_share_one_time_limit(settings: Any) -> None:
    settings.DECODE_SLOTS = 1
    waiting = Admission(lambda: 7, 0.3)
    with admitting(Admission(lambda: 8, 0)), decoding(), admitting(waiting):
        for _ in range(3):
            with pytest.raises(BusyError), decoding():
                pass
        assert waiting.max_wait <= 0


def test_a_command_may_wait_long_and_has_no_concurrency_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert admission.COMMAND_WAIT >= 60
    for _ in range(admission.concurrency.size):
        assert admission.concurrency.acquire(str(_))
    with decoding():
        pass
    for _ in range(admission.concurrency.size):
        admission.concurrency.release(str(_))


def test_one_person_gets_half_of_a_servers_limit() -> None:
    limit = admission.ConcurrencyLimit(4)
    assert [limit.acquire("ana") for _ in range(3)] == [True, True, False]
    assert [limit.acquire("ben") for _ in range(3)] == [True, True, False]
    limit.release("ana")
    assert limit.acquire("cleo")
