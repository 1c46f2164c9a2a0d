"""Use a cluster as people do, then kill each kind of part while they do.

PARTS are those to kill, separated by commas, such as `site server,Redis`. With SHORT=1, these are a
few of each kind, and the browser takes fewer journeys.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from tools.cluster.cluster import Cluster, running_cluster
from tools.cluster.journeys import travel
from tools.cluster.ports import own_port
from tools.cluster.sites import kept_files

if TYPE_CHECKING:
    from tools.cluster.losses import Outcome

# The tests of the browser use the database under this name.
DATABASE = "test_magpie"
# For each loss.
MAILS = 20
ROW = "{:20}{:>10}{:>8}{:>10}{:>9}{:>6}  {}"
SHORT = "site server,PostgreSQL primary,volume server"


def main() -> None:
    # Print each line at once, also into a pipe.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_short = "SHORT" in os.environ
    # The tests of the browser serve pages with images at this port.
    web = f"127.0.0.1:{own_port()}"
    with running_cluster(DATABASE, FETCH_ALLOWED_HOSTS=web) as cluster:
        print(f"The cluster runs at {cluster.url}")
        if not travel(cluster, is_short=is_short):
            sys.exit("A journey with a browser failed.")
        cluster.cache.clear()
        os.environ |= cluster.settings | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["FOLDER"] = str(cluster.folder)
        django.setup()
        call_command("demo", people=20, images=10, verbosity=0)
        prove(cluster, os.environ.get("PARTS", SHORT if is_short else ""))


def prove(cluster: Cluster, parts: str) -> None:
    """Press buttons, kill these parts or all, and exit with the faults that are found."""
    # These need settings, and those need the cluster.
    from tools.cluster import checks, losses
    from tools.cluster.load import Load
    from tools.stress import clicks

    clicks.click(cluster.host)
    cluster.cache.clear()
    load, mails, faults = Load(), checks.Mails(), []
    print(ROW.format("part", "requests", "failed", "recovery", "slowest", "lost", "failures"))
    for loss in losses.LOSSES:
        if parts and loss.name not in parts.split(","):
            continue
        mails.queue(MAILS)
        seen = losses.lose(cluster, loss, load)
        lost = checks.lost_acts(load.writers, mails)
        print(row(seen, len(lost)))
        faults += [*seen.faults, *lost, *checks.wrong_data_and_pages(cluster.host)]
    for part in [*cluster.sites, *cluster.workers]:
        faults += [f"{part.name} keeps {path.name} to itself" for path in kept_files(part)]
    print(f"{load.writers.acknowledged:,} acts and {len(mails.recipients):,} mails acknowledged")
    if faults:
        sys.exit("\n".join(faults[:40]))


def row(seen: "Outcome", lost: int) -> str:
    """Return a row of the table. A failure without a response has the status 0 or -1."""
    recovery = "never" if seen.recovery is None else f"{seen.recovery:.1f} s"
    statuses = ", ".join(f"{count} of {status}" for status, count in seen.failed.most_common())
    counts = f"{seen.sent:,}", f"{seen.failed.total():,}"
    return ROW.format(seen.name, *counts, recovery, f"{seen.slowest:.1f} s", lost, statuses)


if __name__ == "__main__":
    main()
