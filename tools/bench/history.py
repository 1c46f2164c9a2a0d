"""What the people of a town did in a year, by time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from tools.bench.town import (
    DAYS,
    FAMOUS,
    FAMOUS_IMAGE,
    FOLLOWING,
    IMAGES_OF_FAMOUS,
    IMAGES_OF_ORDINARY,
    ORDINARY,
    ORDINARY_IMAGE,
    START,
    Town,
    moment,
    share,
)

# Of each verb: how often a sitting is about it, and how many actions it has on average.
SITTINGS = {"likes": (34, 3.0), "is following": (24, 2.0), "bookmarked image": (54, 1.5)}


class Act(NamedTuple):
    """One action. A target of 0 is chosen when it is known which images there are by then."""

    when: datetime
    user: int
    verb: str
    target: int = 0


class History:
    """The actions of a town; the images and likes of it are known once these are drawn."""

    def __init__(self, town: Town, zeal: list[float], random: Random) -> None:
        self.town, self.zeal, self.random = town, zeal, random
        # Who saved each image, and when.
        self.images: list[tuple[int, datetime]] = []
        self.likes: list[tuple[int, int]] = []
        self._pairs: set[int] = set()

    def actions(self) -> Iterator[Act]:
        """Yield all actions by time."""
        random, town = self.random, self.town
        likers, followers = (random.sample(town.fans, len(town.fans)) for _ in range(2))
        few = len(town.fans) // 4
        savers = [FAMOUS] * min(IMAGES_OF_FAMOUS, few) + [ORDINARY] * min(IMAGES_OF_ORDINARY, few)
        random.shuffle(savers)
        for pk in (FAMOUS, ORDINARY):
            yield self._settled(Act(START, pk, "bookmarked image"))
        for day in range(DAYS):
            acts = [self._at(day, pk, "likes", FAMOUS_IMAGE) for pk in share(likers, day)]
            acts += [self._at(day, pk, "is following", FAMOUS) for pk in share(followers, day)]
            acts += [self._at(day, pk, "bookmarked image") for pk in share(savers, day)]
            wanted = self._number(day)
            while len(acts) < wanted:
                acts += self._sitting(day)
            for act in sorted(acts[:wanted]):
                yield self._settled(act)

    def recipient_of(self, act: Act) -> int | None:
        """Return who is told of an action: the person followed, or the owner of the image."""
        owner = act.target if act.verb == "is following" else self.images[act.target - 1][0]
        return owner if owner != act.user else None

    def _number(self, day: int) -> int:
        """Return how many actions a day has; two are before the first day."""
        count = self.town.actions - 2
        return count * (day + 1) // DAYS - count * day // DAYS

    def _at(self, day: int, pk: int, verb: str, target: int = 0) -> Act:
        # 86,000 seconds, so that a sitting ends on its day.
        return Act(moment(day) + timedelta(seconds=self.random.random() * 86_000), pk, verb, target)

    def _sitting(self, day: int) -> Iterator[Act]:
        """Yield what one person does in a row: one thing or more, some seconds apart."""
        random = self.random
        (pk,) = random.choices(range(1, self.town.people + 1), cum_weights=self.zeal)
        (verb,) = random.choices(list(SITTINGS), [often for often, _ in SITTINGS.values()])
        act = self._at(day, pk, verb)
        for _ in range(1 + int(random.expovariate(1 / (SITTINGS[verb][1] - 0.5)))):
            yield act
            act = act._replace(when=act.when + timedelta(seconds=random.uniform(3, 40)))

    def _settled(self, act: Act) -> Act:
        """Give an action its target, and keep the image or the like that comes with it."""
        if act.verb == "bookmarked image":
            self.images.append((act.user, act.when))
            return act._replace(target=len(self.images))
        if act.verb == "is following":
            return act._replace(target=act.target or self._person_but(act.user))
        target = act.target or self._image_new_to(act.user)
        if not target:
            return self._settled(act._replace(verb="bookmarked image"))
        self.likes.append((target, act.user))
        return act._replace(target=target)

    def _person_but(self, pk: int) -> int:
        other = self.random.randint(len(FOLLOWING) + 1, self.town.people - 1)
        return other + 1 if other >= pk else other

    def _image_new_to(self, user: int) -> int:
        """Draw an image that `user` has not liked yet, never the famous one; 0 without luck."""
        for _ in range(20):
            image = self.random.randint(ORDINARY_IMAGE, len(self.images))
            pair = image * (self.town.people + 1) + user
            if pair not in self._pairs:
                self._pairs.add(pair)
                return image
        return 0
