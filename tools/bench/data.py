"""The benchmark's data: the same on every machine, heavy-tailed as in real networks."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

from images.models import Image
from people.models import Contact, Profile
from stream.models import Action

User = get_user_model()

PEOPLE = 200_000
# The number of people that each viewer follows, by primary key. The viewers have no actions.
VIEWERS = {1: 10, 2: 150, 3: 1000, 4: 5000}
START = datetime(2025, 11, 1, tzinfo=UTC)
DAYS = 365
# For each verb: the weight of its sittings, and the mean number of actions in one.
SITTINGS = {"likes": (60, 3.0), "is following": (25, 2.0), "bookmarked image": (15, 1.5)}


def fill(actions: int) -> None:
    """Fill an empty database with people who follow each other, and with their actions."""
    random = Random(actions)
    fame = [0.0 if pk in VIEWERS else random.paretovariate(1.2) for pk in range(1, PEOPLE + 1)]
    # People with more followers act more, but not in proportion.
    activity = [weight**0.5 * random.paretovariate(2) for weight in fame]
    _insert(User, _people())
    _insert(Profile, ((pk, pk, "", name) for pk, name in _names()))
    _insert_without_indexes(Contact, _contacts(list(accumulate(fame)), random))
    images: list[tuple[object, ...]] = []
    # Cache the content types now: the connection runs no other statement during a COPY.
    ContentType.objects.get_for_models(User, Image)
    _insert_without_indexes(Action, _actions(actions, list(accumulate(activity)), random, images))
    _insert(Image, images)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [User, Profile, Image]):
            cursor.execute(sql)


FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    User: (
        *("id", "username", "first_name", "last_name", "email", "password"),
        *("is_staff", "is_superuser", "is_active", "date_joined"),
    ),
    Profile: ("id", "user_id", "photo", "username_skeleton"),
    Contact: ("user_from_id", "user_to_id", "created"),
    Action: ("user_id", "verb", "target_ct_id", "target_id", "created"),
    Image: (
        *("id", "user_id", "title", "slug", "url", "image"),
        *("width", "height", "is_animated", "description", "created"),
    ),
}


@transaction.atomic
def _insert(model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    table, columns = model._meta.db_table, ", ".join(FIELDS[model])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            placeholders = ", ".join("?" * len(FIELDS[model]))
            # Bypass Django's cursor, which inspects the rows first.
            raw = cursor.cursor
            super(type(raw), raw).executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({placeholders})",
                rows,
            )


def _insert_without_indexes(model: type[models.Model], rows: Iterable[tuple[Any, ...]]) -> None:
    # Building an index once, over all rows, takes a fraction of the time.
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.remove_index(model, index)
    _insert(model, rows)
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.add_index(model, index)


def _names() -> Iterator[tuple[int, str]]:
    return ((pk, f"person-{pk}") for pk in range(1, PEOPLE + 1))


def _people() -> Iterator[tuple[Any, ...]]:
    joined = _adapted(START)
    for pk, name in _names():
        yield pk, name, f"Person {pk}", "", "", "!", False, False, True, joined


def _contacts(fame: list[float], random: Random) -> Iterator[tuple[Any, ...]]:
    everybody = range(1, PEOPLE + 1)
    for pk in everybody:
        wanted = VIEWERS.get(pk) or min(int(2 * random.paretovariate(1.3)), 2000)
        followed: set[int] = set()
        while len(followed) < wanted:
            missing = wanted - len(followed)
            followed |= {*random.choices(everybody, cum_weights=fame, k=missing)} - {pk}
        for other in sorted(followed):
            yield pk, other, _adapted(START + timedelta(days=DAYS) * random.random())


def _actions(
    count: int, activity: list[float], random: Random, images: list[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Yield `count` actions in order of time, and add the images they save to `images`."""
    types = {verb: _target_type(verb) for verb in SITTINGS}
    for day in range(DAYS):
        share = count * (day + 1) // DAYS - count * day // DAYS
        begin = START + timedelta(days=day)
        rows: list[tuple[datetime, int, str]] = []
        while len(rows) < share:
            rows += _sitting(begin, activity, random)
        for when, pk, verb in sorted(rows[:share]):
            if verb == "is following":
                target = random.randint(1, PEOPLE)
            elif verb == "likes" and images:
                target = random.randint(1, len(images))
            else:
                target = len(images) + 1
                images.append(_image(target, pk, when))
            yield pk, verb, types[verb], target, _adapted(when)


def _target_type(verb: str) -> int:
    return ContentType.objects.get_for_model(User if verb == "is following" else Image).pk


def _sitting(
    begin: datetime, activity: list[float], random: Random
) -> Iterator[tuple[datetime, int, str]]:
    """Yield the actions of one sitting: one or more by the same person, seconds apart."""
    (pk,) = random.choices(range(1, PEOPLE + 1), cum_weights=activity)
    (verb,) = random.choices(list(SITTINGS), [weight for weight, _ in SITTINGS.values()])
    when = begin + timedelta(seconds=random.random() * 86_000)
    for _ in range(1 + int(random.expovariate(1 / (SITTINGS[verb][1] - 0.5)))):
        yield when, pk, verb
        when += timedelta(seconds=random.uniform(3, 40))


def _image(pk: int, user: int, when: datetime) -> tuple[Any, ...]:
    title = f"Image {pk}"
    name = f"images/{pk}.jpg"
    return pk, user, title, f"image-{pk}", "", name, 600, 400, False, "", _adapted(when)


def _adapted(when: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(when)
