"""A thousand presses of follow, unfollow, like and unlike by 50 people at once.

PRESSES is how many.
"""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.db import connection
from django.shortcuts import resolve_url

from e2e.server import serving
from images.models import Image
from trials.books import faults
from trials.member import Member

PEOPLE = 50
# Few enough that many press the same at once.
TARGETS = 3


def main() -> None:
    """Press, and look whether what there is and what was recorded agree."""
    count = int(os.environ.get("PRESSES", "1000"))
    random = Random(1)
    members = [Member(f"presser-{number:02}") for number in range(PEOPLE)]
    people = [f"{resolve_url(member.user)}follow/" for member in members[:TARGETS]]
    images = [f"/images/{image.pk}/like/" for image in Image.objects.all()[:TARGETS]]
    presses = [
        (random.choice(members), random.choice(paths), random.choice(actions))
        for _ in range(count)
        for paths, actions in [
            random.choice([(people, ("follow", "unfollow")), (images, ("like", "unlike"))])
        ]
    ]
    with (
        Path(os.environ["FOLDER"], "log").open("w") as log,
        serving(log) as url,
        ThreadPoolExecutor(PEOPLE) as threads,
    ):
        host = urlsplit(url).netloc
        statuses = Counter(
            threads.map(lambda press: press[0].press(host, press[1], press[2]), presses)
        )
    print(
        f"{count:,} presses by {PEOPLE} people on {connection.vendor}, answered by {dict(statuses)}"
    )
    found = list(faults())
    # To follow oneself is refused.
    found += [
        f"{status}: {number}" for status, number in statuses.items() if status not in {303, 400}
    ]
    if found:
        sys.exit("\n".join(found))
