"""PostgreSQL on two servers, of which Patroni and etcd make one the primary."""

import json
import os
import pwd
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tools.cluster.part import Part
from tools.cluster.ports import own_port
from tools.servers.cluster import program
from tools.servers.packages import IS_ROOT
from tools.servers.postgres import program_folder
from tools.servers.site import answers

# PostgreSQL refuses to run as root.
USER = "postgres" if IS_ROOT else None
NAME, PASSWORD = "magpie", "magpie"
# What both servers agree on. Patroni needs a second loop within the time to live.
AGREED: dict[str, Any] = {
    "ttl": 20,
    "loop_wait": 3,
    "retry_timeout": 5,
    # A commit is acknowledged once both servers have it. Without a replica, one is enough.
    "synchronous_mode": True,
    # The primary goes on without etcd while it reaches the replica.
    "failsafe_mode": True,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {"max_connections": 150, "shared_buffers": "64MB", "wal_log_hints": "on"},
    },
}
SYNCHRONOUS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"


class Etcd(Part):
    """The store in which Patroni keeps which server is the primary."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port = own_port()
        clients, peers = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{own_port()}"
        command = [program("etcd"), "--name=one", f"--data-dir={folder}/data", "--log-level=warn"]
        command += [f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}"]
        command += [f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"]
        command += [f"--initial-cluster=one={peers}"]
        super().__init__("etcd", folder, command, lambda: answers(f"{clients}/health"))


class Postgres(Part):
    """A PostgreSQL server that Patroni controls."""

    def __init__(self, name: str, folder: Path, etcd: Etcd) -> None:
        folder.mkdir()
        if USER:
            os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
        self.port, self.control_port = own_port(), own_port()
        config = folder / "patroni.json"
        config.write_text(json.dumps(self.config(name, folder, etcd)))
        config.chmod(0o644)
        super().__init__(
            name,
            folder,
            [program("patroni"), str(config)],
            lambda: answers(f"{self.control}/health"),
            user=USER,
        )

    @property
    def control(self) -> str:
        """Return the address at which Patroni says what the server is."""
        return f"http://127.0.0.1:{self.control_port}"

    def config(self, name: str, folder: Path, etcd: Etcd) -> dict[str, Any]:
        address, control = f"127.0.0.1:{self.port}", f"127.0.0.1:{self.control_port}"
        person = {"username": NAME, "password": PASSWORD}
        return {
            "scope": "magpie",
            "name": name,
            "restapi": {"listen": control, "connect_address": control},
            "etcd3": {"hosts": [f"127.0.0.1:{etcd.port}"]},
            "bootstrap": {
                "dcs": AGREED,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": address,
                "connect_address": address,
                "data_dir": f"{folder}/data",
                "bin_dir": str(program_folder()),
                "pgpass": f"{folder}/pgpass",
                "authentication": {"superuser": person, "replication": person},
                # Otherwise, the first copy waits a minute for a checkpoint.
                "basebackup": [{"checkpoint": "fast"}],
                "parameters": {"unix_socket_directories": str(folder)},
                "pg_hba": [
                    "local all all trust",
                    "host all all 127.0.0.1/32 scram-sha-256",
                    "host replication all 127.0.0.1/32 scram-sha-256",
                ],
            },
        }

    def is_primary(self) -> bool:
        return answers(f"{self.control}/primary")

    def kill(self) -> None:
        """Kill Patroni, and the server that it has started outside of its process group."""
        pid = self.folder / "data/postmaster.pid"
        server = int(pid.read_text().split()[0]) if pid.exists() else 0
        super().kill()
        if server:
            with suppress(ProcessLookupError):
                os.kill(server, signal.SIGKILL)


class Database:
    """Both servers, and the address at which libpq finds the one that is wanted."""

    def __init__(self, folder: Path) -> None:
        self.etcd = Etcd(folder / "etcd")
        self.servers = [
            Postgres(f"postgres-{number}", folder / f"postgres-{number}", self.etcd)
            for number in (1, 2)
        ]
        self.parts: list[Part] = [self.etcd, *self.servers]

    def start(self) -> None:
        for part in self.parts:
            part.start()

    @property
    def primary(self) -> Postgres:
        return next(server for server in self.servers if server.is_primary())

    @property
    def replica(self) -> Postgres:
        return next(server for server in self.servers if not server.is_primary())

    def url(self, name: str, target: str = "read-write") -> str:
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        return f"postgres://{NAME}:{PASSWORD}@{hosts}/{name}?target_session_attrs={target}"

    def create(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')

    def is_whole(self) -> bool:
        """Return whether each commit waits until both servers have it."""
        with suppress(psycopg.Error), psycopg.connect(self.url("postgres")) as connection:
            return bool(connection.execute(SYNCHRONOUS).fetchall())
        return False
