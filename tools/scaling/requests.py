"""The requests of a member's day, as members of the community send them."""

from collections.abc import Iterator
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tools.bench.town import FOLLOWING, username
from tools.bench.visitor import Visitor
from tools.bench.visits import Visit, visits
from tools.scaling.assumptions import ACTS, FOLLOW, LIKE, PAGES, SAVE, SAVE_AGAIN
from tools.scaling.community import Community
from tools.scaling.costs import Request
from tools.scaling.files import picture
from tools.scaling.meter import Meter, typical

TIMES, WARM_UP = 15, 3
HTMX = {"hx-request": "true"}
NAMED = {visit.name: visit for visit in visits()}


def client_of(user: int) -> Client:
    """Return a client with the headers of a browser, signed in as a user."""
    client = Client(headers={"host": settings.SITE_HOST, "accept-encoding": "gzip"})
    client.force_login(User.objects.get(pk=user))
    # A client loads the middleware for its first request, as a server does when it starts.
    client.get("/")
    return client


def page(client: Client, visit: Visit, path: str) -> Any:
    response = client.get(path, headers=HTMX if visit.is_htmx else {})
    if response.status_code != 200 or "HX-Redirect" in response.headers:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return response


def pages(meter: Meter) -> dict[str, Request]:
    """Return the costs of each page."""
    visitor, costs = Visitor(), {}
    for name in PAGES:
        visit = NAMED[name]
        (path, _), client = visitor.place_of(visit), client_of(visit.user)
        found = [
            meter.measure(lambda: page(client, visit, path))  # noqa: B023, called at once
            for _ in range(WARM_UP + TIMES)
        ]
        costs[name] = typical(found[WARM_UP:])
    return costs


def acts(meter: Meter) -> dict[str, Request]:
    """Return the costs of each act, when the pages that it writes to were not written recently.

    PostgreSQL logs the whole of a page that is written for the first time after a checkpoint. In a
    large database, nearly every page is.
    """
    random, costs = Random(1), {}
    users = range(len(FOLLOWING) + 1, len(FOLLOWING) + 1 + WARM_UP + TIMES)
    clients = list(map(client_of, users))
    for name in ACTS:
        found = []
        for client in clients:
            path, data = form(name, random)
            with connection.cursor() as cursor:
                cursor.execute("CHECKPOINT")
            found.append(meter.measure(lambda: post(client, path, data)))  # noqa: B023
        costs[name] = typical(found[WARM_UP:])
    return costs


def form(act: str, random: Random) -> tuple[str, dict[str, Any]]:
    """Return the path and the fields of an act, about something new to a member."""
    if act == SAVE:
        upload = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
        return "/images/add/", {"upload": upload, "title": "A heron", "description": ""}
    image, person = random.randint(1_000, 9_000), random.randint(200, Community().people)
    return {
        LIKE: (f"/images/{image}/like/", {"action": "like"}),
        SAVE_AGAIN: (f"/images/{image}/save/", {"action": "save"}),
        FOLLOW: (f"/people/{username(person)}/follow/", {"action": "follow"}),
    }[act]


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    response = client.post(path, data, headers=HTMX)
    if response.status_code not in {200, 303}:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return response


def day_of(random: Random) -> Iterator[Visit]:
    """Yield the pages of a member's day, each about an image or a person drawn at random."""
    for name, wanted in PAGES.items():
        visit = NAMED[name]
        for _ in range(round(wanted.value)):
            image = random.randint(3, 9_000)
            person = username(random.randint(len(FOLLOWING) + 1, Community().people))
            path = visit.path.replace("/2/ordinary-image/", f"/{image}/image-{image}/")
            yield visit._replace(path=path.replace(username(6), person))
