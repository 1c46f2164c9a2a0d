"""An object store for the tests. Run as a module, it runs a command with one.

SeaweedFS comes with the packages for development.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import urllib3

from tools.servers.site import free_port, wait_until

PROGRAM = Path(sys.executable).with_name("weed")
KEY, SECRET = "magpie", "magpie-secret"
# The bucket, which everyone can read, and that of drafts, which nobody else can.
BUCKET = "magpie"
IDENTITIES = [
    {
        "name": "magpie",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    },
    {"name": "anonymous", "actions": [f"Read:{BUCKET}"]},
]


def store_url(endpoint: str, bucket: str = BUCKET) -> str:
    """Return the STORAGE_URL for a bucket of a store."""
    return f"s3://{KEY}:{SECRET}@{endpoint.partition('://')[2]}/{bucket}?endpoint={endpoint}"


def create_buckets(endpoint: str, bucket: str = BUCKET) -> None:
    """Create the two buckets that a site needs."""
    options = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
    store = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **options)
    for name in bucket, f"{bucket}-drafts":
        store.create_bucket(Bucket=name)


@contextmanager
def object_store() -> Iterator[str]:
    """Yield the address of a new store with the buckets of a site."""
    with TemporaryDirectory() as parent:
        config = Path(parent, "s3.json")
        config.write_text(json.dumps({"identities": IDENTITIES}))
        port = free_port()
        ports = {name: free_port() for name in ("master", "volume", "filer")}
        options = [f"-{name}.port={number}" for name, number in ports.items()]
        options += [f"-{name}.port.grpc={free_port()}" for name in (*ports, "s3")]
        options += [f"-dir={parent}", "-ip=127.0.0.1", "-master.telemetry=false", "-filer", "-s3"]
        options += [f"-{name}.localSocket={parent}/{name}" for name in ("filer", "s3")]
        options += [f"-s3.port={port}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        options += [f"-s3.config={config}"]
        # Each bucket has volumes of its own, and the default is 7 of them.
        Path(parent, "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
        options += ["-volume.max=500", "-master.volumeSizeLimitMB=256"]
        # The default is 10 seconds.
        options += ["-master.electionTimeout=1s"]
        command = [str(PROGRAM), "server", *options]
        with (
            Path(parent, "log").open("w") as log,
            subprocess.Popen(command, cwd=parent, stdout=log, stderr=log) as server,
        ):
            try:
                endpoint = f"http://127.0.0.1:{port}"
                wait_until(lambda: is_healthy(endpoint), server)
                create_buckets(endpoint)
                yield endpoint
            finally:
                # It would take 16 seconds to end by itself.
                server.kill()


def is_healthy(endpoint: str) -> bool:
    try:
        response = urllib3.request("GET", f"{endpoint}/healthz", retries=False, timeout=2)
    except urllib3.exceptions.HTTPError:
        return False
    return response.status == 200


def main() -> None:
    """Run a command with a store."""
    # On SIGTERM, end the command, and then the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with object_store() as endpoint:
        environment = os.environ | {"STORAGE_URL": store_url(endpoint)}
        with subprocess.Popen(sys.argv[1:], env=environment) as run:
            signal.signal(signal.SIGTERM, lambda *_: run.terminate())
            # Ctrl-C reaches the command directly.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
