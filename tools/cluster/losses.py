"""Kill each kind of part while people write, and see how the site recovers."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tools.cluster.cluster import Cluster
from tools.cluster.load import VIEWER, Load
from tools.cluster.part import Part
from tools.cluster.recovery import Act, recovery

# Seconds of load before a loss, and after all parts are there again.
BEFORE, AFTER = 3.0, 5.0
# Seconds for which a part is away, or more if people notice its loss for longer.
AWAY = 15.0
# Seconds after which something like systemd starts a part again that is alone of its kind.
RESTART = 2.0
# Seconds after which the site should have recovered from anything.
PATIENCE = 120.0
# Seconds for which HAProxy waits for an answer. Nothing may take as long.
LONGEST = 60.0
# The answer to a bug. That to an outage is 503.
SERVER_ERROR = 500


@dataclass(frozen=True)
class Loss:
    """The name of a part, and how to find it."""

    name: str
    find: Callable[[Cluster], Part]
    # Whether the site needs this part, so that it is started again at once.
    is_alone: bool = False


LOSSES = [
    Loss("site server", lambda cluster: cluster.sites[0]),
    Loss("worker", lambda cluster: cluster.workers[0]),
    Loss("HAProxy", lambda cluster: cluster.proxy, is_alone=True),
    Loss("PostgreSQL primary", lambda cluster: cluster.database.primary),
    Loss("PostgreSQL replica", lambda cluster: cluster.database.replica),
    Loss("etcd", lambda cluster: cluster.database.etcd),
    Loss("Redis", lambda cluster: cluster.cache, is_alone=True),
    Loss("volume server", lambda cluster: cluster.store.fullest),
    Loss("leading master", lambda cluster: cluster.store.leader),
    Loss("filer", lambda cluster: cluster.store.filers[0]),
    Loss("S3 gateway", lambda cluster: cluster.store.gateways[0]),
]


@dataclass
class Outcome:
    """What people noticed of a loss."""

    name: str
    sent: int
    # How many requests failed with each status.
    failed: Counter[int]
    # None if the site did not recover in time.
    recovery: float | None
    slowest: float
    # How often the site itself answered as for a bug. The store does so if its names are away.
    errors: int
    # What failed after that, such as while the part came back.
    late: list[Act]

    @property
    def faults(self) -> list[str]:
        found = [f"The site did not recover from the loss of the {self.name}."]
        found *= self.recovery is None
        if self.errors:
            found.append(f"{self.errors} answers of the site without the {self.name} were 500.")
        if self.slowest >= LONGEST:
            found.append(f"A request hung for {self.slowest:.1f} s without the {self.name}.")
        if self.late:
            seconds = max(act.seconds for act in self.late)
            statuses = sorted({act.status for act in self.late})
            found.append(
                f"{len(self.late)} requests failed or were slow after the loss of the {self.name}:"
                f" statuses {statuses}, up to {seconds:.1f} s"
            )
        return found


def lose(cluster: Cluster, loss: Loss, load: Load) -> Outcome:
    """Kill a part under load, wait until the site has recovered, and start the part again."""
    cluster.wait_until_whole()
    with load.on(cluster.host):
        part = loss.find(cluster)
        time.sleep(BEFORE)
        lost_at = time.monotonic()
        part.kill()
        if loss.is_alone:
            time.sleep(RESTART)
            part.start()
        seconds = wait_for_recovery(load, lost_at)
        back_at = time.monotonic()
        if not loss.is_alone:
            part.start()
        cluster.wait_until_whole()
        time.sleep(AFTER)
    return outcome(loss.name, load.acts, seconds, back_at)


def wait_for_recovery(load: Load, lost_at: float) -> float | None:
    seconds = None
    while time.monotonic() < lost_at + PATIENCE:
        time.sleep(0.5)
        seconds = recovery(list(load.acts), lost_at, time.monotonic(), load.names)
        if seconds is not None and time.monotonic() > lost_at + AWAY:
            break
    return seconds


def outcome(name: str, acts: list[Act], seconds: float | None, back_at: float) -> Outcome:
    return Outcome(
        name=name,
        sent=len(acts),
        failed=Counter(act.status for act in acts if act.is_failed),
        recovery=seconds,
        errors=sum(act.status == SERVER_ERROR and act.writer != VIEWER for act in acts),
        slowest=max(act.seconds for act in acts),
        late=[act for act in acts if act.answered > back_at and act.is_interrupted],
    )
