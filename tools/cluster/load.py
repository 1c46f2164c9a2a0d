"""Writers whose requests are recorded with their times."""

import time

from tools.cluster.recovery import Act
from tools.stress.client import SignedInClient
from tools.stress.writer import Writers

# All requests have the same address, so these stay below its limits. They also leave the machine
# room for what else runs on it.
WRITERS, PAUSE = 4, 0.35


class RecordedClient(SignedInClient):
    """A client that adds each of its requests to a list."""

    def __init__(self, username: str, acts: list[Act]) -> None:
        super().__init__(username)
        self.acts = acts

    def request(
        self, host: str, path: str, body: bytes | None = None, kind: str = "", **headers: str
    ) -> tuple[int, str]:
        sent = time.monotonic()
        status, text = super().request(host, path, body, kind, **headers)
        self.acts.append(Act(self.user.username, sent, time.monotonic(), status))
        return status, text


class Load:
    """Several writers, and what they have sent."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.writers = Writers(
            WRITERS,
            lambda name: RecordedClient(name, self.acts),
            pause=PAUSE,
            asks_for_mail=False,
        )

    @property
    def names(self) -> list[str]:
        return [writer.client.user.username for writer in self.writers]
