"""Demo people, with the same names, photos and follows on every machine."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from demo.photos import draw_photo
from people.models import Contact
from stream.models import Action
from stream.record import create_action

LOGIN, PASSWORD = "demo", "shiny-things"
FIRST_NAMES = """
Amara Bruno Chiara Dmitri Elif Farid Greta Hana Ines Jonas Kofi Leila Mateo Noor Oskar Priya
Quentin Rosa Santiago Tamsin Umar Vera Wanjiru Ximena Yuki Zofia Aiko Bashir Carmen Desta Emil
Freya Gideon Hyejin Ivo
""".split()
LAST_NAMES = """
Abebe Bauer Castillo Dubois Eriksen Fontaine Garcia Haddad Ivanova Jensen Kimura Lindqvist Mensah
Novak Okafor Petrova Quispe Rossi Santos Tanaka Uzun Varga Wagner Yilmaz Zhou Brandt Costa Delgado
Farah Moreau Nakamura
""".split()
BIOS = """
Birds, mostly. Sometimes boats.
I collect colours and lose sunglasses.
Drawing one small thing a day since 2019.
Night trains, lighthouses and other things with windows.
Illustrator. Ask me about moss.
Looking for the perfect shade of teal. Notes at https://www.example.org/teal
""".strip().splitlines()
DAYS = 60

type ShowProgress = Callable[[str, range], Iterable[int]]


def has_demo() -> bool:
    """Return whether the demo login exists. A person may have its username but not its password."""
    user = User.objects.filter(username=LOGIN, email=f"{LOGIN}@example.org").first()
    return user is not None and user.check_password(PASSWORD)


@transaction.atomic
def make_people(size: int, show_progress: ShowProgress) -> list[User]:
    """Add people until the demo has `size` and the login `demo`, and let them follow each other."""
    now = timezone.now()
    people = [_person(LOGIN, "Robin Demo", now - timedelta(days=DAYS), PASSWORD)]
    for number, name in zip(show_progress("people", range(size)), _names(), strict=False):
        age = timedelta(days=DAYS) * (1 - number / size) * 0.9
        people.append(_person(name.lower().replace(" ", "."), name, now - age))
    for follower in people:
        _follow_some(follower, people, now)
    return people


def _names() -> Iterator[str]:
    for number in count():
        round_, index = divmod(number, len(FIRST_NAMES) * len(LAST_NAMES))
        first = FIRST_NAMES[index % len(FIRST_NAMES)]
        last = LAST_NAMES[(index * 3 + index // len(FIRST_NAMES)) % len(LAST_NAMES)]
        yield f"{first} {last}" + (f" {round_ + 1}" if round_ else "")


def _person(username: str, name: str, joined: datetime, password: str | None = None) -> User:
    if user := User.objects.filter(username=username).first():
        return user
    first, _, last = name.partition(" ")
    user = User(username=username, first_name=first, last_name=last, date_joined=joined)
    user.email = f"{username}@example.org"
    user.set_password(password)
    user.save()
    _introduce(user)
    create_action(user, "has created an account")
    Action.objects.of(user, "has created an account").update(created=joined)
    # A few people have no photo, to show how pages look without one.
    if Random(username).random() < 0.9:
        photo = io.BytesIO()
        draw_photo(username).save(photo, "WEBP", quality=88)
        user.profile.photo.save("photo.webp", ContentFile(photo.getvalue()))
    return user


def _introduce(user: User) -> None:
    """Let most people say who they are, and some link to a page of theirs."""
    random = Random(f"{user.username} says")
    user.profile.bio = random.choice(BIOS) if random.random() < 0.8 else ""
    user.profile.link = f"https://example.org/{user.username}" if random.random() < 0.4 else ""
    user.profile.save(update_fields=["bio", "link"])


def _follow_some(follower: User, people: list[User], now: datetime) -> None:
    random = Random(f"{follower.username} follows")
    others = [person for person in people if person != follower]
    for followed in random.sample(others, min(len(others), random.randint(3, 14))):
        if Contact.objects.follow(follower, followed):
            since = max(follower.date_joined, followed.date_joined)
            when = now - (now - since) * random.random() ** 2
            follower.rel_from_set.filter(user_to=followed).update(created=when)
            Action.objects.of(follower, "is following", followed).update(created=when)
