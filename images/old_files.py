"""Files that an earlier version stored under a hash of their content."""

import os
import secrets
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Concat, Substr
from easy_thumbnails.models import Source

from images.files import ImageFile
from images.sanitize import digest_of

BATCH = 500


def digest_in(name: str) -> str:
    """Return the digest that an earlier version used as the name of a file."""
    folder, _, rest = name.removeprefix("images/").partition("/")
    digest = folder + rest.partition(".")[0]
    is_digest = len(digest) == 34 and set(digest) <= set("0123456789abcdef")
    return digest if is_digest else digest_of(name.encode())


def adopt(images: models.QuerySet[Any], files: models.QuerySet[Any]) -> None:
    """Create the files of an earlier version's images from their names, without reading them.

    This includes images that a server of that version saved during the update.
    """
    fields = ("image", "width", "height", "is_animated")
    # Images are locked by their ids, as deletions lock them.
    orphans = images.filter(file=None).order_by("pk")
    for rows in batched(list(orphans.values("pk", *fields)), BATCH):
        with transaction.atomic():
            names = {row.pop("pk"): row["image"] for row in rows}
            made = [files.model(**row, digest=digest_in(row["image"])) for row in rows]
            files.bulk_create(made, ignore_conflicts=True)
            for pk, name in names.items():
                file = files.filter(Q(digest=digest_in(name)) | Q(image=name))
                file.filter(unused_since__isnull=False).update(unused_since=None)
                images.filter(file=None, pk=pk).update(
                    file=Subquery(file.values("pk")[:1]), image=Subquery(file.values("image")[:1])
                )


def with_old_names() -> models.QuerySet[ImageFile]:
    """Return the files whose names can be computed from the picture."""
    folder, rest = Substr("digest", 1, 2), Substr("digest", 3)
    stem = Concat(Value("images/"), folder, Value("/"), rest, Value("."))
    return ImageFile.objects.filter(image__startswith=stem)


def rename(file: ImageFile) -> None:
    """Give a file and its thumbnails random names.

    Open pages still show the old names, so `prune` deletes them a day later.
    """
    old = Path(file.image.path)
    new = f"{secrets.token_hex(16)}{old.suffix}"
    for path in (old, *old.parent.glob(f"{old.name}.*")):
        link = path.with_name(path.name.replace(old.name, new))
        os.link(path, link)
        os.utime(link)
    _rename_rows(file, str(Path(str(file.image.name)).with_name(new)))


@transaction.atomic
def _rename_rows(file: ImageFile, name: str) -> None:
    # Lock the file before its images, as a save does.
    ImageFile.objects.filter(pk=file.pk).update(image=name)
    file.images.update(image=name)
    # Thumbnails are found by their names. Without a row, easy-thumbnails makes a new one.
    Source.objects.filter(name=file.image.name).delete()
