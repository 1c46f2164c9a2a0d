"""Whether the database is whole, and its rows, what was recorded and files belong together."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import connection
from PIL import Image as Picture

from images.models import Image, Like
from ops.integrity import damage
from people.models import Contact
from stream.models import Action

CHECK_INDEXES = """
SELECT bt_index_check(indexrelid, true) FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid JOIN pg_opclass ON pg_opclass.oid = indclass[0]
JOIN pg_am ON pg_am.oid = opcmethod AND amname = 'btree'
WHERE relnamespace = 'public'::regnamespace AND indisvalid
"""


def faults() -> Iterator[str]:
    """Yield what is wrong."""
    yield from damage()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Raises where an index does not belong to its table.
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            cursor.execute(CHECK_INDEXES)
    for verb, pairs in (
        ("is following", Contact.objects.values_list("user_from", "user_to")),
        ("likes", Like.objects.values_list("user", "image")),
        ("bookmarked image", Image.objects.values_list("user", "pk")),
    ):
        there: Counter[tuple[int, int | None]] = Counter(pairs)
        recorded = Counter(Action.objects.filter(verb=verb).values_list("user", "target_id"))
        yield from (f"{verb}: {pair} is not recorded" for pair in there - recorded)
        yield from (f"{verb}: {pair} is recorded, or twice" for pair in recorded - there)
    for image in Image.objects.select_related("file"):
        file = image.image
        if image.file is None or image.file.image.name != file.name:
            yield f"Image {image.pk} names another file than its own"
        thumbnails = [f"{file.name}.{alias}.webp" for alias in ("thumbnail", *file.widths.values())]
        for name in (file.name, *thumbnails):
            if not is_whole(Path(file.storage.path(name))):
                yield f"Image {image.pk} has no whole file {name}"


def is_whole(path: Path) -> bool:
    """Say whether a picture is there, to its last byte."""
    try:
        there = path.stat()
        load(path, there.st_size, there.st_mtime_ns)
    except OSError:
        return False
    return True


# A file that was whole need not be read again until it is written again.
@cache
def load(path: Path, size: int, written: int) -> None:
    with Picture.open(path) as picture:
        picture.load()
