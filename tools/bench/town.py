"""The town of the benchmark: how many people and actions it has, and the people with a part in it.

With SCALE=3.3 it has 310,000 people, a million images and 3.3 million actions. One image has
300,000 likes, and one person 300,000 followers. All of these grow with the scale.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Change this when the data change, so that databases of an earlier version are not used.
VERSION = 11
START = datetime(2025, 11, 1, tzinfo=UTC)
DAYS = 365
# How many people each of the first people follows. They do nothing that is drawn at random, and
# nobody follows them at random.
VIEWERS = {1: 10, 2: 150, 3: 1000, 4: 5000}
FAMOUS, ORDINARY, NEWCOMER, ADMIN = 5, 6, 7, 8
FOLLOWING = VIEWERS | {FAMOUS: 30, ORDINARY: 30, NEWCOMER: 0, ADMIN: 10}
USERNAMES = {FAMOUS: "famous", ORDINARY: "ordinary", NEWCOMER: "newcomer", ADMIN: "admin"}
FOLLOWERS_OF_ORDINARY = range(9, 40)
# The first two images are saved by the famous and by the ordinary person.
FAMOUS_IMAGE, ORDINARY_IMAGE = 1, 2
TITLES = {FAMOUS_IMAGE: "Famous image", ORDINARY_IMAGE: "Ordinary image"}
IMAGES_OF_FAMOUS, IMAGES_OF_ORDINARY = 700, 40


@dataclass(frozen=True)
class Town:
    scale: float

    @property
    def actions(self) -> int:
        return round(self.scale * 1_000_000)

    @property
    def people(self) -> int:
        return max(self.actions * 31 // 330, 60)

    @property
    def fans(self) -> list[int]:
        """Those who like the famous image and follow the famous person: 30 of 31 people."""
        return [pk for pk in range(len(FOLLOWING) + 1, self.people + 1) if pk % 31]

    @property
    def following(self) -> dict[int, int]:
        """How many people the first people follow; in a small town, at most a third of it."""
        return {pk: min(wanted, self.people // 3) for pk, wanted in FOLLOWING.items()}

    @property
    def name(self) -> str:
        return f"v{VERSION}_{self.actions}"


def username(pk: int) -> str:
    return USERNAMES.get(pk, f"person-{pk}")


def share(rows: list[int], day: int) -> list[int]:
    """Return a day's part of rows that are spread over the year."""
    return rows[len(rows) * day // DAYS : len(rows) * (day + 1) // DAYS]


def moment(day: float) -> datetime:
    return START + timedelta(days=day)
