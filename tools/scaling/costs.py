"""What was measured: the costs of requests, rows, files and counts."""

from typing import NamedTuple

# What tables have rows for.
MEMBER, IMAGE, FILE = "member", "image", "file of an image"
LIKE, FOLLOW, ACT = "like", "follow", "act"


class Request(NamedTuple):
    """What one page or act costs."""

    # Milliseconds of CPU, of the site with its decoder and of the database.
    site: float
    database: float
    statements: float
    # Transactions that wrote, and the bytes that they added to the database's log.
    writes: float
    log: float
    # Rate limits that were counted.
    counts: float
    # Bytes of the response, compressed, and how many images it shows.
    bytes: float
    images: float


class Table(NamedTuple):
    """A table of the database, and for how many of its `unit` it was measured."""

    name: str
    unit: str
    units: int
    rows: int
    heap: int
    indexes: int
    index_bytes: int
    # The share of its pages, with those of its indexes, that the busiest hour's requests touched.
    touched: float = 1.0

    @property
    def bytes_per_unit(self) -> float:
        return (self.heap + self.index_bytes) / self.units


class Statement(NamedTuple):
    """A statement of a feed: the index probes that it took, and the pages of 8 kB that it read."""

    name: str
    probes: int
    buffers: int


class Picture(NamedTuple):
    """A stored image: its files, their bytes, and the bytes of the one that pages show."""

    files: int
    bytes: int
    shown: int


class RateLimit(NamedTuple):
    """The count of a rate limit: milliseconds of Redis' CPU, and bytes in its memory."""

    cpu: float
    bytes: float


class Costs(NamedTuple):
    pages: dict[str, Request]
    acts: dict[str, Request]
    tables: list[Table]
    feed: list[Statement]
    picture: Picture
    rate_limit: RateLimit
