"""Run a cluster with demo data until Ctrl-C."""

import signal
import sys

from tools.cluster.cluster import running_cluster
from tools.cluster.sites import manage


def main() -> None:
    # On SIGTERM, stop the cluster, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print("Starting the cluster (half a minute)...", flush=True)
    try:
        with running_cluster("magpie") as cluster:
            manage(cluster.environment, "demo")
            print("These parts run, each with the id of its process:")
            for part in cluster.parts:
                print(f"    {part.name:12} {part.process and part.process.pid}")
            print(f"Magpie runs at {cluster.url} until you press Ctrl-C.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        sys.exit()


if __name__ == "__main__":
    main()
