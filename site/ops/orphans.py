"""Delete files that no row names, which an interrupted save or a change of name left behind."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from imaging.storage import delete_all
from ops.integrity import damage

logger = logging.getLogger(__name__)

# Only files with these names are deleted, not others that somebody put beside them.
OURS = re.compile(r"(images/[0-9a-f]{2}/[0-9a-f]{32}|people/[0-9a-f]{32})\.\w+(\.\w+\.(webp|jpg))?")
# With more orphans than this, and than twice the files with rows, it may be the wrong database.
# After `rename_files`, there is an old name for each new one.
FEW = 100
# Younger files may belong to a save that has not ended.
MIN_AGE = timedelta(days=1)


def delete_orphans() -> None:
    """Delete Magpie's files that no row names and that are older than a day."""
    names = {name: original_of(name) for name in old_files()}
    # Read the rows after the files, or a file saved in between would look like an orphan.
    used = set(names_in_rows())
    orphans = [name for name, original in names.items() if original not in used]
    known = used.intersection(names.values())
    if len({names[name] for name in orphans}) > max(FEW, 2 * len(known)):
        logger.error("Most files have no row. No file was deleted: is this the right database?")
    elif orphans and not any(damage()):
        delete_all(default_storage, orphans)


def old_files() -> Iterator[str]:
    """Yield the names of Magpie's files that are older than a day, so nobody is writing them."""
    before = timezone.now() - MIN_AGE
    for file in default_storage.files():  # type: ignore[attr-defined]
        is_ours = OURS.fullmatch(file.name) or file.name.startswith(".incoming-")
        if is_ours and file.modified < before:
            yield file.name


def original_of(name: str) -> str:
    """Return the name of a thumbnail's original, or the name itself."""
    return name.rsplit(".", 2)[0] if name.count(".") > 2 else name


def names_in_rows() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.FileField):
                yield from model._base_manager.values_list(field.name, flat=True).distinct()
