"""The time that a part takes to recover is the one that people notice."""

import pytest

from tools.cluster.recovery import RUN, Act, recovery

WRITERS = ["writer-0", "writer-1"]


def acts(start: float, status: int = 303, count: int = RUN, seconds: float = 0.5) -> list[Act]:
    """Return acts of each writer, one after another from a time on."""
    return [
        Act(writer, sent := start + number * seconds, sent + seconds, status)
        for writer in WRITERS
        for number in range(count)
    ]


def seconds(found: list[Act], now: float = 0) -> float | None:
    """Return the time until a recovery from a loss at 100."""
    return recovery(found, 100, now or max(act.answered for act in found), WRITERS)


def test_a_loss_that_nobody_notices_takes_no_time() -> None:
    assert seconds(acts(95) + acts(101)) == 0


@pytest.mark.parametrize("status", [503, 500, 0, -1])
def test_the_first_success_after_the_last_failure_ends_an_interruption(status: int) -> None:
    assert seconds(acts(101) + acts(110, status) + acts(120)) == pytest.approx(20.5)


def test_failures_before_the_loss_do_not_count() -> None:
    assert seconds(acts(90, 503) + acts(101)) == 0


def test_a_slow_answer_is_an_interruption() -> None:
    assert seconds(acts(101, count=1, seconds=17) + acts(118)) == pytest.approx(18.5)


def test_a_success_during_an_interruption_is_not_the_end() -> None:
    hanging = Act(WRITERS[0], 101, 131, 303)
    assert seconds([hanging, *acts(120), *acts(132)]) == pytest.approx(32.5)


def test_each_writer_has_to_succeed_again_and_again() -> None:
    assert seconds(acts(101, count=RUN - 1)) is None
    assert seconds([act for act in acts(101) if act.writer == WRITERS[0]]) is None


def test_a_writer_who_waits_for_an_answer_has_not_recovered() -> None:
    later = [act for act in acts(112) if act.writer == WRITERS[0]]
    assert seconds(acts(101) + later) is None
