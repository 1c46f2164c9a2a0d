"""The parts of a site, what each machine has for them, and which part is full first."""

from collections.abc import Callable
from math import ceil
from typing import NamedTuple

from tools.scaling.assumptions import COPIES, ROOM, Machine
from tools.scaling.costs import Costs
from tools.scaling.needs import Needs

CORE = 1.0


class Part(NamedTuple):
    """Something that can be full, and what to do then."""

    name: str
    unit: str
    need: Callable[[Needs], float]
    limit: Callable[[Machine], float]
    remedy: str

    def use(self, needs: Needs, machine: Machine) -> float:
        """Return what share of one machine's usable limit is needed; above 1 it is full."""
        return self.need(needs) / (self.limit(machine) * ROOM.value)

    def machines(self, needs: Needs, machine: Machine) -> int:
        """Return how many machines share the need."""
        return max(ceil(self.use(needs, machine)), 1)


# Those of the site can be shared by machines that are added; those of the primary cannot.
SITE = [
    Part("site: CPU", "cores", lambda n: n.site_cores, lambda m: m.cores, "add a site machine"),
    Part(
        *("site: network for pages", "Mbit/s", lambda n: n.page_traffic, lambda m: m.network),
        "add a site machine with a proxy of its own",
    ),
]
READS = [
    Part(
        *("database: CPU for pages", "cores", lambda n: n.read_cores, lambda m: m.cores),
        "add a replica",
    ),
]
PRIMARY = [
    Part(
        *("database: CPU for acts", "cores", lambda n: n.write_cores, lambda m: m.cores),
        "shards by person",
    ),
    Part(
        *("database: memory", "GB", lambda n: n.working_set, lambda m: m.memory),
        "a larger machine, then shards by person",
    ),
    Part(
        *("database: disk", "GB", lambda n: n.database, lambda m: m.disk),
        "a larger disk, then shards by person",
    ),
    Part(
        *("database: commits", "a second", lambda n: n.commits, lambda m: m.commits),
        "shards by person",
    ),
    Part(
        *("database: log to a replica", "Mbit/s", lambda n: n.log, lambda m: m.network),
        "compress the log (wal_compression), then shards by person",
    ),
]
COUNTS = [
    Part(
        *("Redis: CPU", "cores", lambda n: n.count_cores, lambda m: CORE),
        "Redis Cluster",
    ),
    Part(
        *("Redis: memory", "GB", lambda n: n.count_memory, lambda m: m.memory),
        "Redis Cluster",
    ),
]
FILES = [
    Part(
        "files: disk",
        "GB",
        lambda n: COPIES.value * n.files,
        lambda m: m.disk,
        "add a machine to the store",
    ),
    Part(
        *("files: network", "Mbit/s", lambda n: n.file_traffic, lambda m: m.network),
        "a CDN",
    ),
]
PARTS = [*SITE, *READS, *PRIMARY, *COUNTS, *FILES]
# What one machine for everything has to share.
TOGETHER = [
    Part(
        "CPU",
        "cores",
        lambda n: n.site_cores + n.read_cores + n.write_cores + n.count_cores,
        lambda m: m.cores,
        "a machine for the database",
    ),
    Part(
        *("memory", "GB", lambda n: n.working_set + n.count_memory, lambda m: m.memory),
        "a machine for the database",
    ),
    Part(
        *("disk", "GB", lambda n: n.database + n.files, lambda m: m.disk),
        "an object store for the files",
    ),
    Part(
        *("network", "Mbit/s", lambda n: n.page_traffic + n.file_traffic, lambda m: m.network),
        "a CDN",
    ),
]


def by_use(parts: list[Part], needs: Needs, machine: Machine) -> list[Part]:
    """Return parts in the order in which they fill a machine."""
    return sorted(parts, key=lambda part: part.use(needs, machine), reverse=True)


def most_members(part: Part, costs: Costs, machine: Machine) -> float:
    """Return how many members one machine can have before a part of it is full."""
    # Each need grows with the number of members.
    sample = 1_000_000
    return sample / part.use(Needs(costs, sample), machine)
