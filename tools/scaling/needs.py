"""What a community needs: costs times members."""

from dataclasses import dataclass

from tools.scaling import costs
from tools.scaling.assumptions import (
    ACTIVE,
    ACTS,
    BLOAT,
    CACHED,
    FOLLOW,
    LIKE,
    PAGES,
    PEAK,
    SAVE,
    SAVE_AGAIN,
    SECONDS_OF_DAY,
    stored,
)
from tools.scaling.costs import ACT, FILE, IMAGE, MEMBER, Costs, Request, Table

GB, MB, BITS = 1e9, 1e6, 8
# Seconds for which a count is kept: a window of a minute, and a margin of another one.
SECONDS_OF_COUNT = 120
# How many each member has after the assumed years.
UNITS = {
    MEMBER: 1.0,
    IMAGE: stored(SAVE, SAVE_AGAIN),
    FILE: stored(SAVE),
    costs.LIKE: stored(LIKE),
    costs.FOLLOW: stored(FOLLOW),
    ACT: stored(*ACTS),
}


@dataclass(frozen=True)
class Needs:
    """What a number of members needs in the busiest hour, after the assumed years."""

    costs: Costs
    members: int

    @property
    def pages(self) -> list[tuple[float, Request]]:
        """How many of each page are sent in a second, with its costs."""
        return [(self.rate(PAGES[name].value), cost) for name, cost in self.costs.pages.items()]

    @property
    def acts(self) -> list[tuple[float, Request]]:
        """How many of each act are done in a second, with its costs."""
        return [(self.rate(ACTS[name].value), cost) for name, cost in self.costs.acts.items()]

    def rate(self, times_a_day: float) -> float:
        """Return how often in a second all do what an active member does so often in a day."""
        return self.members * ACTIVE.value * times_a_day * PEAK.value / SECONDS_OF_DAY

    @property
    def requests(self) -> float:
        return sum(rate for rate, _ in self.pages + self.acts)

    @property
    def site_cores(self) -> float:
        return sum(rate * cost.site / 1000 for rate, cost in self.pages + self.acts)

    @property
    def read_cores(self) -> float:
        """The cores of the database for pages, which replicas can serve."""
        return sum(rate * cost.database / 1000 for rate, cost in self.pages)

    @property
    def write_cores(self) -> float:
        """The cores of the database for acts, which only the primary can serve."""
        return sum(rate * cost.database / 1000 for rate, cost in self.acts)

    @property
    def database(self) -> float:
        """Gigabytes of tables and indexes."""
        return sum(self.bytes_of(table) for table in self.costs.tables) / GB

    @property
    def working_set(self) -> float:
        """The gigabytes of them that the requests of the hour touch."""
        return sum(self.bytes_of(table) * table.touched for table in self.costs.tables) / GB

    def bytes_of(self, table: Table) -> float:
        return self.members * UNITS[table.unit] * table.bytes_per_unit * BLOAT.value

    @property
    def commits(self) -> float:
        """Transactions that write, in a second."""
        return sum(rate * cost.writes for rate, cost in self.pages + self.acts)

    @property
    def log(self) -> float:
        """Megabits of the database's log in a second, which each replica gets."""
        return sum(rate * cost.log for rate, cost in self.pages + self.acts) * BITS / MB

    @property
    def counts(self) -> float:
        """Counts of rate limits in a second."""
        return sum(rate * cost.counts for rate, cost in self.pages + self.acts)

    @property
    def count_cores(self) -> float:
        return self.counts * self.costs.rate_limit.cpu / 1000

    @property
    def count_memory(self) -> float:
        """Gigabytes of counts."""
        return self.counts * SECONDS_OF_COUNT * self.costs.rate_limit.bytes / GB

    @property
    def files(self) -> float:
        """Gigabytes of images with their thumbnails."""
        return self.members * stored(SAVE) * self.costs.picture.bytes / GB

    @property
    def objects(self) -> float:
        return self.members * stored(SAVE) * self.costs.picture.files

    @property
    def puts(self) -> float:
        """Files that are written in a second."""
        return self.rate(ACTS[SAVE].value) * self.costs.picture.files

    @property
    def gets(self) -> float:
        """Files that browsers ask for in a second."""
        return sum(rate * cost.images for rate, cost in self.pages) * (1 - CACHED.value)

    @property
    def page_traffic(self) -> float:
        """Megabits of pages in a second."""
        return sum(rate * cost.bytes for rate, cost in self.pages + self.acts) * BITS / MB

    @property
    def file_traffic(self) -> float:
        """Megabits of images in a second."""
        return self.gets * self.costs.picture.shown * BITS / MB
