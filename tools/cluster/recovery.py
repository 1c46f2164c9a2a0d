"""How long people notice that a part was lost."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# Allauth redirects with 302.
SUCCESS = {200, 302, 303}
# An act that takes longer than this many seconds counts as an interruption.
SLOW = 5.0
# Each writer has to succeed this often without an interruption.
RUN = 5


@dataclass(frozen=True)
class Act:
    """A request of a writer, with the times at which it was sent and answered."""

    writer: str
    sent: float
    answered: float
    status: int

    @property
    def seconds(self) -> float:
        return self.answered - self.sent

    @property
    def is_failed(self) -> bool:
        return self.status not in SUCCESS

    @property
    def is_interrupted(self) -> bool:
        return self.is_failed or self.seconds > SLOW


def recovery(
    acts: Sequence[Act], lost_at: float, now: float, writers: Collection[str]
) -> float | None:
    """Return the seconds from a loss until the first of a run of successful acts by each writer.

    Return 0 if there was no interruption, and None if there is no such run yet.
    """
    since = [act for act in acts if lost_at < act.answered <= now]
    last = max((act.answered for act in since if act.is_interrupted), default=lost_at)
    run = [act for act in since if act.sent >= last]
    counts = Counter(act.writer for act in run)
    # A writer who has got no answer for a while is still waiting.
    answered = {act.writer for act in run if act.answered > now - SLOW}
    if any(counts[writer] < RUN or writer not in answered for writer in writers):
        return None
    return min(act.answered for act in run) - lost_at if last > lost_at else 0.0
