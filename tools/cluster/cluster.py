"""All parts of the cluster, started in the order in which they need each other."""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tools.cluster.cache import Cache
from tools.cluster.database import Database
from tools.cluster.part import Part
from tools.cluster.proxy import Proxy
from tools.cluster.sites import Site, Worker, manage
from tools.cluster.store import Store
from tools.servers.seaweedfs import BUCKET, create_buckets, store_url

SITES, WORKERS = 3, 2
# Seconds within which all parts are ready after a loss.
PATIENCE = 120


class Cluster:
    """A site on three servers with two workers, two databases, a cache and a store."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        self.folder, self.database_name = folder, database
        self.database, self.cache = Database(folder), Cache(folder / "redis")
        self.store = Store(folder, self.database)
        self.proxy = Proxy(folder / "haproxy")
        self.settings = self.common_settings(folder) | settings
        self.sites = [
            Site(f"site-{number}", folder / f"site-{number}", self.settings)
            for number in range(1, SITES + 1)
        ]
        self.workers = [
            Worker(f"worker-{number}", folder / f"worker-{number}", self.settings)
            for number in range(1, WORKERS + 1)
        ]
        self.proxy.configure(
            {site.name: site.address for site in self.sites},
            {gateway.name: f"127.0.0.1:{gateway.port}" for gateway in self.store.gateways},
        )

    @property
    def url(self) -> str:
        return self.proxy.url

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def parts(self) -> list[Part]:
        data: list[Part] = [*self.database.parts, self.cache, *self.store.parts, self.proxy]
        return [*data, *self.sites, *self.workers]

    def common_settings(self, folder: Path) -> dict[str, str]:
        """Return the settings that are the same on all machines."""
        return {
            "SITE_URL": self.url,
            "SECRET_KEY": secrets.token_hex(32),
            "DATABASE_URL": self.database.url(self.database_name),
            "DATABASE_REPLICA_URL": self.database.url(self.database_name, "prefer-standby"),
            "CACHE_URL": self.cache.url,
            "STORAGE_URL": store_url(self.proxy.store_url),
            "MEDIA_URL": f"{self.proxy.store_url}/{BUCKET}/",
            "TASKS": "database",
            # Stands for a mail server.
            "EMAIL_URL": f"filemail:///{folder}/mails",
            # All parts have to share the cores of one machine.
            "WORKERS": "1",
            "DEBUG": "0",
            "MALLOC_ARENA_MAX": "2",
        }

    def start(self) -> None:
        self.database.start()
        self.cache.start()
        self.store.start()
        self.database.create(self.database_name)
        self.proxy.start()
        create_buckets(self.proxy.store_url)
        manage(self.environment, "migrate", "--verbosity=0")
        for part in [*self.sites, *self.workers]:
            part.launch()
        for part in [*self.sites, *self.workers]:
            part.wait()

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment for a program that uses the same data."""
        return os.environ | self.settings

    def wait_until_whole(self) -> None:
        """Wait until no part is missing, so that any of them may be lost."""
        until = time.monotonic() + PATIENCE
        while missing := self.missing():
            if time.monotonic() > until:
                raise TimeoutError(f"Not ready: {', '.join(missing)}")
            time.sleep(0.5)

    def missing(self) -> list[str]:
        """Return the names of what is not ready."""
        haproxy = self.proxy.balancer.control
        found = [part.name for part in self.parts if not part.is_ready()]
        found += [f"check of {site.name}" for site in self.sites if not haproxy.is_up(site.name)]
        return found if self.database.is_whole() else [*found, "synchronous replica"]

    def stop(self) -> None:
        # The database ends last, because it would wait for those who use it.
        etcd, *servers = self.database.parts
        others = [part for part in self.parts if part not in self.database.parts]
        for part in [*reversed(others), *reversed(servers), etcd]:
            part.stop()


@contextmanager
def running_cluster(database: str, **settings: str) -> Iterator[Cluster]:
    """Run a cluster in a temporary folder. LOGS is a folder in which to keep its logs."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL has a user of its own.
        folder.chmod(0o711)
        cluster = Cluster(folder, database, **settings)
        try:
            cluster.start()
            yield cluster
        finally:
            # A second Ctrl-C would leave parts behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            cluster.stop()
            if logs := os.environ.get("LOGS"):
                keep_logs(cluster, Path(logs))


def keep_logs(cluster: Cluster, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part in cluster.parts:
        if part.log.exists():
            shutil.copy(part.log, folder)
