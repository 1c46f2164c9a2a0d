"""SeaweedFS: an object store whose files are on two of three servers in different racks."""

import json
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tools.cluster.database import NAME, PASSWORD, Database
from tools.cluster.part import Part
from tools.cluster.ports import own_port
from tools.servers.seaweedfs import IDENTITIES, PROGRAM
from tools.servers.site import is_open

# One more copy, in another rack of the same data center.
COPIES = "010"
VOLUME_OPTIONS = ["-dataCenter=one", "-max=20", "-minFreeSpace=1GiB"]
FILER_TABLES = """
[postgres2]
enabled = true
createTable = '''
CREATE TABLE IF NOT EXISTS "%s" (
    dirhash BIGINT, name VARCHAR(65535), directory VARCHAR(65535), meta bytea,
    PRIMARY KEY (dirhash, name)
)'''
enableUpsert = true
upsertQuery = '''
INSERT INTO "%[1]s" (dirhash, name, directory, meta) VALUES ($1, $2, $3, $4)
ON CONFLICT (dirhash, name) DO UPDATE SET directory = EXCLUDED.directory, meta = EXCLUDED.meta'''
connection_max_idle = 4
connection_max_open = 10
"""
FILER_DATABASE = "files"


class Server(Part):
    """One of SeaweedFS's servers. Others reach it at a second port, for gRPC."""

    def __init__(
        self,
        name: str,
        folder: Path,
        options: list[str],
        port: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir()
        self.port, self.grpc_port = port or own_port(), own_port()
        kind = name.partition("-")[0]
        command = [str(PROGRAM), "-logtostderr=true", kind, "-ip=127.0.0.1", *options]
        command += [f"-port={self.port}", f"-port.grpc={self.grpc_port}"]
        super().__init__(name, folder, command, self.is_up, environment or {})

    @property
    def address(self) -> str:
        """Return the address under which the other servers know it."""
        return f"127.0.0.1:{self.port}.{self.grpc_port}"

    def is_up(self) -> bool:
        return is_open(self.port) and is_open(self.grpc_port)

    def stop(self) -> None:
        # Everything that it stores goes anyway, and its own end takes many seconds.
        if self.process:
            self.kill()


class Store:
    """All servers of SeaweedFS. Names of files are in PostgreSQL."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.masters = make_masters(folder)
        masters = ",".join(master.address for master in self.masters)
        self.volumes = [
            Server(
                f"volume-{number}",
                at := folder / f"volume-{number}",
                [f"-dir={at}", f"-master={masters}", f"-rack=rack-{number}", *VOLUME_OPTIONS],
            )
            for number in (1, 2, 3)
        ]
        self.filers = [self.filer(number, folder, masters) for number in (1, 2)]
        self.gateways = [self.gateway(number, folder) for number in (1, 2)]
        self.parts: list[Part] = [*self.masters, *self.volumes, *self.filers, *self.gateways]

    def filer(self, number: int, folder: Path, masters: str) -> Server:
        at = folder / f"filer-{number}"
        servers = self.database.servers
        # filer.toml can name one server only, but the filer also reads the variables of libpq.
        environment = {
            "PGHOST": ",".join("127.0.0.1" for _ in servers),
            "PGPORT": ",".join(str(server.port) for server in servers),
            "PGTARGETSESSIONATTRS": "read-write",
            "PGSSLMODE": "disable",
            "PGUSER": NAME,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": FILER_DATABASE,
        }
        options = [f"-master={masters}", f"-defaultStoreDir={at}"]
        options += [f"-defaultReplicaPlacement={COPIES}"]
        server = Server(at.name, at, options, environment=environment)
        (at / "filer.toml").write_text(FILER_TABLES)
        return server

    def gateway(self, number: int, folder: Path) -> Server:
        at = folder / f"s3-{number}"
        # Each prefers a filer of its own.
        filers = ",".join(filer.address for filer in self.filers[:: 1 if number == 1 else -1])
        options = [f"-filer={filers}", f"-config={at}/identities.json", "-ip.bind=127.0.0.1"]
        options += ["-port.iceberg=0", "-port.lance=0", f"-localSocket={at}/socket"]
        server = Server(at.name, at, options)
        (at / "identities.json").write_text(json.dumps({"identities": IDENTITIES}))
        return server

    def start(self) -> None:
        self.database.create(FILER_DATABASE)
        # The masters elect a leader.
        for master in self.masters:
            master.launch()
        for master in self.masters:
            master.wait()
        for part in [*self.volumes, *self.filers, *self.gateways]:
            part.start()

    @property
    def fullest(self) -> Server:
        """Return the volume server with the most bytes."""
        return max(self.volumes, key=bytes_in)

    @property
    def leader(self) -> Server:
        """Return the master that leads the others."""
        for master in self.masters:
            url = f"http://127.0.0.1:{master.port}/cluster/status"
            with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
                if json.load(answer).get("IsLeader"):
                    return master
        raise LookupError("No master leads.")


def bytes_in(volume: Server) -> int:
    return sum(file.stat().st_size for file in volume.folder.glob("*.dat"))


def make_masters(folder: Path) -> list[Server]:
    options = [f"-defaultReplication={COPIES}", "-volumeSizeLimitMB=256", "-telemetry=false"]
    # With the other implementation of Raft, a master that comes back makes the others elect again.
    options += ["-electionTimeout=1s", "-raftHashicorp"]
    masters = []
    for number in (1, 2, 3):
        at = folder / f"master-{number}"
        masters.append(Server(at.name, at, [*options, f"-mdir={at}"]))
    peers = ",".join(master.address for master in masters)
    for master in masters:
        master.command = [*master.command, f"-peers={peers}"]
    return masters
