"""The site on which costs are measured: a town as dense as the assumptions, in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from importlib import import_module

from django.core.management import call_command
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from django.utils import timezone

from tools.bench.rows import Row, insert
from tools.bench.town import Town
from tools.scaling.assumptions import ACTS, stored

PEOPLE = 600
ADDRESS = "https://www.example.org/photos/of-birds/a-heron-by-the-canal"


@dataclass(frozen=True)
class Community(Town):
    """A town with as many actions for each person as are assumed."""

    scale: float = PEOPLE * stored(*ACTS) / 1_000_000

    @property
    def people(self) -> int:
        return PEOPLE


def make() -> None:
    """Set up Django, and fill an empty database."""
    # The application as a server loads it. Models can be imported only after it.
    import_module("config.wsgi")
    from tools.bench import data

    call_command("migrate", verbosity=0)
    data.fill(Community())
    complete()
    with connection.cursor() as cursor:
        # Rows that were changed once are written anew, so that sizes are those of rows.
        cursor.execute("VACUUM (FULL, ANALYZE)")
        # Nothing may read all pages of a table by itself.
        cursor.execute("VACUUM (FREEZE)")


def complete() -> None:
    """Add what people's images and sessions have, and those of the benchmark lack."""
    from django.contrib.sessions.models import Session

    from images.files import ImageFile, ReceivedDigest
    from images.hash_parts import HashPart
    from images.models import Image

    Image.objects.update(url=f"{ADDRESS}.jpg", page_url=ADDRESS, credit="Example")
    # Any 32 hex digits do as a perceptual hash.
    ImageFile.objects.update(perceptual_hash=MD5(Cast("pk", TextField())))
    keys = list(ImageFile.objects.values_list("pk", flat=True))
    insert(ReceivedDigest, ("file_id", "digest"), ((pk, f"f{pk:033x}") for pk in keys))
    insert(HashPart, ("file_id", "number"), hash_parts(keys))
    sessions = ((f"{pk:032x}", "s" * 250, timezone.now()) for pk in range(PEOPLE))
    insert(Session, ("session_key", "session_data", "expire_date"), sessions)


def hash_parts(keys: list[int]) -> Iterator[Row]:
    """Yield the parts of a hash for each file."""
    from images.perceptual_hash import parts

    for pk in keys:
        for number in parts(md5(str(pk).encode()).hexdigest()):
            yield pk, number
