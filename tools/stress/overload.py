"""One member does all they may, while each request of another is answered in under two seconds.

SECONDS is for how long, 30 unless told.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from django.shortcuts import resolve_url

from images.models import Image
from testing.image_files import noise, saved
from tools.servers.site import serving
from tools.stress.attacker import Attacker, slow_web
from tools.stress.client import Member

LONGEST = 2.0
THREADS = 10
PATHS = ["/healthz", "/", "/stream/", "/images/", "/people/", "/images/add/"]


def main() -> None:
    """Attack the site, use it as another member, and print how long that took."""
    seconds = float(os.environ.get("SECONDS", "30"))
    other = Member("other")
    waits: list[tuple[float, str, int]] = []
    with slow_web() as slow_host, Path(os.environ["FOLDER"], "log").open("a") as log:
        attacker = Attacker("attacker", slow_host, THREADS)
        with serving(log, FETCH_ALLOWED_HOSTS=slow_host) as url:
            host = urlsplit(url).netloc
            with attacker.attacking(host):
                # Until all are at work.
                time.sleep(2)
                until = time.monotonic() + seconds
                while time.monotonic() < until:
                    waits += use(other, host)
    longest, what, _ = max(waits)
    saved_ones = sum(status == 303 for _, what, status in waits if what == "save")
    print(
        f"{attacker.statuses.total():,} requests of one member at their worst on"
        f" {connection.vendor}, {attacker.statuses[503]:,} refused as busy: {len(waits):,} requests"
        f" and {saved_ones} saves of another, the longest {longest:.2f} s ({what})"
    )
    failed = [(what, status) for _, what, status in waits if status not in {200, 303}]
    if failed or longest > LONGEST or 500 in attacker.statuses:
        sys.exit(f"Refused: {failed}\nSlowest: {sorted(waits)[-5:]}\n{attacker.statuses}")


def use(member: Member, host: str) -> list[tuple[float, str, int]]:
    """Read pages, like and save; returns how long each took, and how it was answered."""
    image = Image.objects.order_by("?")[0]
    picture = saved(noise(size=(400, 300), seed=time.monotonic_ns()), "PNG")
    title = f"Image {time.monotonic_ns()}"
    deeds: dict[str, Callable[[], int]] = {
        "like": lambda: member.press(host, f"/images/{image.pk}/like/", "like")[0],
        "save": lambda: member.bookmark(host, title, picture),
    }
    for path in [*PATHS, resolve_url(image)]:
        deeds[path] = partial(read, member, host, path)
    waits = []
    for what, deed in deeds.items():
        started = time.monotonic()
        status = deed()
        waits.append((time.monotonic() - started, what, status))
    return waits


def read(member: Member, host: str, path: str) -> int:
    return member.read(host, path)[0]
