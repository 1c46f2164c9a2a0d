"""Let one user overload the site, and check that another gets each response in two seconds.

SECONDS is the duration, 30 by default.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import connection
from django.shortcuts import resolve_url

from images.models import Image
from tools.servers.site import serving
from tools.stress.attacker import Attacker, slow_web_server
from tools.stress.client import SignedInClient
from tools.stress.writer import new_picture

MAX_SECONDS = 2.0
THREADS = 10
PATHS = ["/healthz", "/", "/stream/", "/images/", "/people/", "/images/add/"]


class Timing(NamedTuple):
    """How long a request took, and the status of its response."""

    seconds: float
    name: str
    status: int


def main() -> None:
    """Attack the site, use it as another user, and print how long the responses took."""
    seconds = float(os.environ.get("SECONDS", "30"))
    client = SignedInClient("other")
    timings: list[Timing] = []
    with slow_web_server() as slow_host, Path(os.environ["FOLDER"], "log").open("a") as log:
        attacker = Attacker("attacker", slow_host, THREADS)
        with serving(log, FETCH_ALLOWED_HOSTS=slow_host) as url:
            host = urlsplit(url).netloc
            with attacker.attack(host):
                # Wait until all threads of the attacker are at work.
                time.sleep(2)
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    timings += use_site(client, host)
    report(attacker, timings)


def report(attacker: Attacker, timings: list[Timing]) -> None:
    """Print what was sent and how long it took; fail if a request was refused or slow."""
    slowest = max(timings)
    saves = sum(timing.status == 303 for timing in timings if timing.name == "save")
    print(
        f"{attacker.statuses.total():,} requests by an attacker on {connection.vendor},"
        f" {attacker.statuses[503]:,} refused as busy; {len(timings):,} requests and {saves} saves"
        f" by another user, the slowest took {slowest.seconds:.2f} s ({slowest.name})"
    )
    refused = [timing for timing in timings if timing.status not in {200, 303}]
    if refused or slowest.seconds > MAX_SECONDS or 500 in attacker.statuses:
        sys.exit(f"Refused: {refused}\nSlowest: {sorted(timings)[-5:]}\n{attacker.statuses}")


def use_site(client: SignedInClient, host: str) -> list[Timing]:
    """Read pages, like an image and save one, and return how long each took."""
    image = Image.objects.order_by("?")[0]
    file = new_picture()
    title = f"Image {time.monotonic_ns()}"
    requests: dict[str, Callable[[], int]] = {
        "like": lambda: client.post_action(host, f"/images/{image.pk}/like/", "like")[0],
        "save": lambda: client.save_image(host, title, file),
    }
    for path in [*PATHS, resolve_url(image)]:
        requests[path] = partial(get_status, client, host, path)
    timings = []
    for name, request in requests.items():
        start = time.monotonic()
        status = request()
        timings.append(Timing(time.monotonic() - start, name, status))
    return timings


def get_status(client: SignedInClient, host: str, path: str) -> int:
    return client.get(host, path)[0]
