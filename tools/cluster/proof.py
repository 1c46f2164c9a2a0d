"""Use a cluster as people do, then kill each kind of part while they do.

PARTS are those to kill, separated by commas, such as `site server,Redis`. JOURNEYS=0 leaves out the
browser.
"""

import os
import signal
import sys

import django
from django.core.management import call_command

from tools.cluster.cluster import Cluster, running_cluster

# The tests of the browser use the database under this name.
DATABASE = "test_magpie"
MAILS = 20


def main() -> None:
    # Print each line at once, also into a pipe.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running_cluster(DATABASE) as cluster:
        print(f"The cluster runs at {cluster.url}")
        os.environ |= cluster.settings | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["FOLDER"] = str(cluster.folder)
        django.setup()
        call_command("demo", people=20, images=10, verbosity=0)
        prove(cluster)


def prove(cluster: Cluster) -> None:
    """Exit with the faults that are found."""
    # These need settings, and those need the cluster.
    from tools.cluster import checks, losses
    from tools.cluster.load import Load
    from tools.stress import clicks

    clicks.click(cluster.host)
    cluster.cache.clear()
    load, mails, faults = Load(), checks.Mails(), []
    print(f"{'part':20}{'requests':>10}{'failed':>8}{'recovery':>10}{'slowest':>9}{'lost':>6}")
    for loss in losses.LOSSES:
        if loss.name not in os.environ.get("PARTS", loss.name).split(","):
            continue
        mails.queue(MAILS)
        seen = losses.lose(cluster, loss, load)
        lost = checks.lost_acts(load.writers, mails)
        recovery = "never" if seen.recovery is None else f"{seen.recovery:.1f} s"
        print(
            f"{loss.name:20}{seen.sent:>10,}{seen.failed:>8,}{recovery:>10}"
            f"{seen.slowest:>7.1f} s{len(lost):>6}"
        )
        faults += [*seen.faults, *lost, *checks.wrong_data_and_pages(cluster.host)]
    print(f"{load.writers.acknowledged:,} acts and {len(mails.recipients):,} mails acknowledged")
    if faults:
        sys.exit("\n".join(faults[:40]))


if __name__ == "__main__":
    main()
