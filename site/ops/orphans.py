"""Delete files that no row names, which an interrupted save or a change of name left behind."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

from ops.integrity import damage
from web.limits import DAY

logger = logging.getLogger(__name__)

# Only files with these names are deleted, not others that somebody put into MEDIA_ROOT.
OURS = re.compile(r"(images/[0-9a-f]{2}/[0-9a-f]{32}|people/[0-9a-f]{32})\.\w+(\.\w+\.(webp|jpg))?")
# With more orphans than this, and than twice the files with rows, it may be the wrong database.
# After `rename_files`, there is an old name for each new one.
FEW = 100


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
        for name in orphans:
            Path(settings.MEDIA_ROOT, name).unlink(missing_ok=True)


def old_files() -> Iterator[str]:
    """Yield the names of Magpie's files that are older than a day, so nobody is writing them."""
    root = Path(settings.MEDIA_ROOT)
    for folder, _, files in root.walk(follow_symlinks=True):
        for path in map(folder.joinpath, files):
            name = str(path.relative_to(root))
            with suppress(FileNotFoundError):
                is_ours = OURS.fullmatch(name) or name.startswith(".incoming-")
                if is_ours and path.stat().st_mtime < time.time() - DAY:
                    yield name


def original_of(name: str) -> str:
    """Return the name of a thumbnail's original, or the name itself."""
    return name.rsplit(".", 2)[0] if name.count(".") > 2 else name


def names_in_rows() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.FileField):
                yield from model._base_manager.values_list(field.name, flat=True).distinct()
