"""Check that the database is intact, and that its rows, actions, counts and files agree."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image as PillowImage

from images.audit import uncounted_likes, wrong_image_counts, wrong_like_counts
from images.models import Image, Like
from imaging.storage import StoredFile
from ops.integrity import damage
from people.audit import uncounted_follows, wrong_follow_counts
from people.models import Contact
from stream.models import Action

CHECK_INDEXES = """
SELECT bt_index_check(indexrelid, true) FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid JOIN pg_opclass ON pg_opclass.oid = indclass[0]
JOIN pg_am ON pg_am.oid = opcmethod AND amname = 'btree'
WHERE relnamespace = 'public'::regnamespace AND indisvalid
"""

COUNT_CHECKS = (
    *(uncounted_follows, wrong_follow_counts),
    *(uncounted_likes, wrong_like_counts, wrong_image_counts),
)


def faults() -> Iterator[str]:
    """Yield a line for each fault."""
    yield from damage()
    if connection.vendor == "postgresql":
        check_indexes()
    yield from faults_of_actions()
    for check in COUNT_CHECKS:
        yield from (f"wrong count: {fault.what}" for fault in check())
    yield from faults_of_files()


def check_indexes() -> None:
    """Raise an error if an index of PostgreSQL does not match its table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(CHECK_INDEXES)


def faults_of_actions() -> Iterator[str]:
    """Yield a line for each row without its action, and for each action without its row."""
    for verb, pairs in (
        ("is following", Contact.objects.values_list("user_from", "user_to")),
        ("likes", Like.objects.values_list("user", "image")),
        ("bookmarked image", Image.objects.values_list("user", "pk")),
    ):
        stored: Counter[tuple[int, int | None]] = Counter(pairs)
        recorded = Counter(Action.objects.filter(verb=verb).values_list("user", "target_id"))
        yield from (f"{verb}: {pair} is not recorded" for pair in stored - recorded)
        yield from (
            f"{verb}: {pair} is recorded without a row, or twice" for pair in recorded - stored
        )


def faults_of_files() -> Iterator[str]:
    """Yield a line for each file of an image that is missing or incomplete."""
    stored = {file.name: file for file in default_storage.files()}  # type: ignore[attr-defined]
    for image in Image.objects.select_related("file"):
        file = image.image
        if image.file is None or image.file.image.name != file.name:
            yield f"Image {image.pk} names a file other than its own"
        for name in file.names:
            if not (name in stored and is_complete(stored[name])):
                yield f"Image {image.pk} lacks a complete file {name}"


# A file is decoded again only if it has changed.
@cache
def is_complete(file: StoredFile) -> bool:
    """Return whether an image file can be decoded to its last byte."""
    try:
        with default_storage.open(file.name) as stored, PillowImage.open(stored) as image:
            image.load()
    except OSError:
        return False
    return True
