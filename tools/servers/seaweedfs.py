"""An object store for the tests. Run as a module, it runs a command with one.

SeaweedFS comes with the packages for development.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from tools.servers.command import run_with
from tools.servers.site import free_port, wait_for

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


@cache
def client(endpoint: str) -> Any:
    options = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **options)


def create_buckets(endpoint: str, bucket: str = BUCKET) -> None:
    """Create the two buckets that a site needs."""
    for name in bucket, f"{bucket}-drafts":
        client(endpoint).create_bucket(Bucket=name)


def empty_buckets(endpoint: str) -> None:
    """Delete all files in the buckets of a site."""
    for name in BUCKET, f"{BUCKET}-drafts":
        while files := client(endpoint).list_objects_v2(Bucket=name).get("Contents"):
            for file in files:
                client(endpoint).delete_object(Bucket=name, Key=file["Key"])


@contextmanager
def object_store() -> Iterator[str]:
    """Yield the address of a new store with the buckets of a site."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as parent:
        folder = Path(parent)
        # Each bucket has volumes of its own, and the default is 7 of them.
        (folder / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
        (folder / "s3.json").write_text(json.dumps({"identities": IDENTITIES}))
        command = [str(PROGRAM), "server", *server_options(folder, port)]
        with (
            (folder / "log").open("w") as log,
            subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server,
        ):
            try:
                wait_for(f"{endpoint}/healthz", server)
                create_buckets(endpoint)
                yield endpoint
            finally:
                # It would take 16 seconds to end by itself.
                server.kill()


def server_options(folder: Path, port: int) -> Iterator[str]:
    """Yield the options of a server with its files in `folder`, and S3 at `port`."""
    yield from (f"-dir={folder}", "-ip=127.0.0.1", "-master.telemetry=false", "-filer", "-s3")
    for name in ("master", "volume", "filer"):
        yield from (f"-{name}.port={free_port()}", f"-{name}.port.grpc={free_port()}")
    yield from (f"-s3.port={port}", f"-s3.port.grpc={free_port()}")
    # These interfaces are not needed.
    yield from ("-s3.port.iceberg=0", "-s3.port.lance=0")
    yield from (f"-{name}.localSocket={folder}/{name}" for name in ("filer", "s3"))
    yield f"-s3.config={folder}/s3.json"
    # Room for the buckets of all test processes.
    yield from ("-volume.max=500", "-master.volumeSizeLimitMB=256")
    # The default is 10 seconds.
    yield "-master.electionTimeout=1s"


def main() -> None:
    """Run a command with a store."""
    sys.exit(run_with(object_store(), lambda url: {"STORAGE_URL": store_url(url)}, sys.argv[1:]))


if __name__ == "__main__":
    main()
