"""The benchmark's data: the same on every machine, with the heavy tails of real networks."""

from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count
from django.utils.text import slugify

from images.files import ImageFile
from images.models import Image, ImageCount, Like
from people.counts import STORED_COUNTS
from people.models import Contact, Profile
from people.usernames import skeleton
from stream.models import Action
from tools.bench.history import History
from tools.bench.rows import Row, insert, reset_sequences
from tools.bench.town import (
    ADMIN,
    DAYS,
    FAMOUS,
    FOLLOWERS_OF_ORDINARY,
    FOLLOWING,
    ORDINARY,
    START,
    TITLES,
    Town,
    moment,
    username,
)

SIZES = [(1200, 800), (640, 480), (300, 900), (1600, 900), (2400, 1800), (1080, 1080)]


def fill(town: Town) -> None:
    """Fill an empty database with people who follow each other, and with what they did."""
    random = Random(town.actions)
    fame = [
        0.0 if pk in FOLLOWING else random.paretovariate(1.2) for pk in range(1, town.people + 1)
    ]
    # People with more followers do more, but not in proportion.
    zeal = [person**0.5 * random.paretovariate(2) for person in fame]
    insert_people(town)
    contacts = _contacts(town, list(accumulate(fame)), random)
    insert(Contact, ("user_from_id", "user_to_id", "created"), contacts)
    history = History(town, list(accumulate(zeal)), random)
    insert_actions(history)
    insert_images(history)
    reset_sequences(User, Profile, ImageFile, Image)
    fill_counts()


def fill_counts() -> None:
    """Compute the counts that rows store, as `audit --fix` would one by one."""
    for count in STORED_COUNTS:
        count.rows._default_manager.update(**{count.flag: True})
        count.recount_all()
    number = User.objects.annotate(number=Count("images_created")).values_list("pk", "number")
    ImageCount.objects.bulk_create(
        (ImageCount(user_id=user, count=count) for user, count in number.iterator()),
        batch_size=10_000,
    )


def insert_people(town: Town) -> None:
    names = ("id", "username", "first_name", "last_name", "email", "password")
    flags = ("is_staff", "is_superuser", "is_active", "date_joined")
    insert(User, names + flags, _users(town))
    everybody = range(1, town.people + 1)
    addresses = ((pk, f"{username(pk)}@example.org", True, True) for pk in everybody)
    insert(EmailAddress, ("user_id", "email", "verified", "primary"), addresses)
    rows = (
        # A third of the people have a photo.
        (pk, pk, f"people/{pk:032x}.webp" if pk % 3 == 0 else "", skeleton(username(pk)))
        for pk in everybody
    )
    insert(Profile, ("id", "user_id", "photo", "username_skeleton"), rows)


def _users(town: Town) -> Iterator[Row]:
    joined = stored(START)
    for pk in range(1, town.people + 1):
        name, is_admin = username(pk), pk == ADMIN
        yield (
            *(pk, name, f"Person {pk}", "", f"{name}@example.org", "!"),
            *(is_admin, is_admin, True, joined),
        )


def _contacts(town: Town, fame: list[float], random: Random) -> Iterator[Row]:
    everybody, fans = range(1, town.people + 1), {*town.fans}
    for pk in everybody:
        wanted = town.following.get(pk)
        if wanted is None:
            wanted = min(int(2 * random.paretovariate(1.3)), 2000, town.people // 3)
        followed: set[int] = set()
        while len(followed) < wanted:
            missing = wanted - len(followed)
            followed |= {*random.choices(everybody, cum_weights=fame, k=missing)} - {pk}
        followed |= {FAMOUS} if pk in fans else set()
        followed |= {ORDINARY} if pk in FOLLOWERS_OF_ORDINARY else set()
        for other in sorted(followed):
            yield pk, other, stored(moment(DAYS * random.random()))


def insert_actions(history: History) -> None:
    # Nothing can be asked of PostgreSQL while rows are copied into it.
    types = ContentType.objects.get_for_models(User, Image)
    rows = (
        (
            *(act.user, act.verb, types[User if act.verb == "is following" else Image].pk),
            *(act.target, history.recipient_of(act), stored(act.when)),
        )
        for act in history.actions()
    )
    columns = ("user_id", "verb", "target_ct_id", "target_id", "recipient_id", "created")
    insert(Action, columns, rows)


def insert_images(history: History) -> None:
    """Insert the images that were saved and the likes that were given in a history."""
    size = ("image", "width", "height", "is_animated")
    files = ((pk, *_file(pk), f"{pk:034x}", None) for pk, _ in enumerate(history.images, start=1))
    insert(ImageFile, ("id", *size, "digest", "unused_since"), files)
    images = (
        (pk, user, title, slugify(title), "", pk, *_file(pk), "", stored(when))
        for pk, (user, when) in enumerate(history.images, start=1)
        for title in [TITLES.get(pk, f"Image {pk}")]
    )
    columns = ("id", "user_id", "title", "slug", "url", "file_id", *size, "description", "created")
    insert(Image, columns, images)
    insert(Like, ("image_id", "user_id"), history.likes)


def _file(pk: int) -> Row:
    return f"images/{pk % 256:02x}/{pk:032x}.jpg", *SIZES[pk % len(SIZES)], False


def stored(when: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(when)
