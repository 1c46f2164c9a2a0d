"""What the tables assume about members and machines. Nothing here was measured."""

from typing import NamedTuple

COMMUNITIES = [1_000_000, 10_000_000, 100_000_000]
SECONDS_OF_DAY = 24 * 60 * 60
DAYS_OF_YEAR = 365


class Assumption(NamedTuple):
    name: str
    value: float
    reason: str


ACTIVE = Assumption(
    "share of the members who visit on a day", 0.1, "many members of an open site come rarely"
)
PEAK = Assumption(
    "requests in the busiest hour ÷ in the mean hour", 3, "most members sleep at the same time"
)
YEARS = Assumption(
    "years of activity that are stored", 3, "nothing that members do is deleted by itself"
)
CACHED = Assumption(
    "share of a page's images that browsers have", 0.5, "they keep images for a year"
)
BLOAT = Assumption(
    "size of tables after years ÷ when new", 1.4, "pages of indexes are about 70% full then"
)
COPIES = Assumption(
    "copies of each file in the object store", 2, "one machine of it may fail (replication 010)"
)
ROOM = Assumption(
    "share of a machine that may be in use", 0.6, "peaks, and another machine that is away"
)
GENERAL = [ACTIVE, PEAK, YEARS, CACHED, BLOAT, COPIES, ROOM]

# What a visiting member does in a day. The pages are visits of tools/bench/visits.py.
FEED = "feed of a viewer who follows 150"
PAGES = {
    page.name: page
    for page in [
        Assumption("home", 3, "opened a few times"),
        Assumption(FEED, 3, "each home page loads it"),
        Assumption(f"{FEED}, page 50", 3, "older activity costs the most this far down"),
        Assumption("gallery", 3, "a look, and two more pages"),
        Assumption("page of an ordinary image", 5, "some images of each gallery and feed"),
        Assumption("profile of an ordinary person", 2, "the people behind images"),
        Assumption("followers of an ordinary person", 1, "rare"),
        Assumption("notifications of an ordinary person", 2, "the header counts new ones"),
    ]
}
LIKE, FOLLOW = "like an image", "follow a person"
SAVE, SAVE_AGAIN = "save a new image", "save an image of somebody else"
ACTS = {
    act.name: act
    for act in [
        Assumption(LIKE, 4, "one for every other image or feed"),
        Assumption(FOLLOW, 0.5, "55 followed people after the stored years"),
        Assumption(SAVE, 0.1, "11 new files after the stored years"),
        Assumption(SAVE_AGAIN, 0.2, "22 images that share a file"),
    ]
}
MEGAPIXELS = Assumption(
    "megapixels of a new image", 2, "most come from web pages, some from phones"
)


class Machine(NamedTuple):
    name: str
    cores: int
    memory: float  # GB
    disk: float  # GB
    commits: float  # a second, with each waiting for the disk
    network: float  # megabits a second


MACHINES = [
    Machine("small", 4, 16, 200, 1_000, 1_000),
    Machine("medium", 16, 64, 2_000, 5_000, 10_000),
    Machine("large", 64, 512, 16_000, 20_000, 25_000),
]


def stored(*acts: str) -> float:
    """Return how many acts of these kinds are stored for each member."""
    times_a_day = sum(ACTS[act].value for act in acts)
    return times_a_day * ACTIVE.value * DAYS_OF_YEAR * YEARS.value
