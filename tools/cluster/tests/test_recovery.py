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


def test_a_loss_that_nobody_notices_takes_no_time() -> None:
    assert recovery(acts(95) + acts(101), 100, WRITERS) == 0


@pytest.mark.parametrize("status", [503, 500, 0, -1])
def test_the_first_success_after_the_last_failure_ends_an_interruption(status: int) -> None:
    found = acts(101) + acts(110, status) + acts(120)
    assert recovery(found, 100, WRITERS) == pytest.approx(20.5)


def test_failures_before_the_loss_do_not_count() -> None:
    assert recovery(acts(90, 503) + acts(101), 100, WRITERS) == 0


def test_a_slow_answer_is_an_interruption() -> None:
    found = acts(101, count=1, seconds=17) + acts(118)
    assert recovery(found, 100, WRITERS) == pytest.approx(18.5)


def test_a_success_during_an_interruption_is_not_the_end() -> None:
    hanging = Act(WRITERS[0], 101, 131, 303)
    assert recovery([hanging, *acts(120), *acts(132)], 100, WRITERS) == pytest.approx(32.5)


def test_each_writer_has_to_succeed_again_and_again() -> None:
    assert recovery(acts(101, count=RUN - 1), 100, WRITERS) is None
    alone = [act for act in acts(101) if act.writer == WRITERS[0]]
    assert recovery(alone, 100, WRITERS) is None
