"""Uploads are received in a folder that nobody else can read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_only_the_owner_can_read_uploads(bare_site: Path, settings_of: Callable[..., Any]) -> None:
    folder = Path(settings_of("FILE_UPLOAD_TEMP_DIR"))
    assert folder == bare_site / "var/uploads"
    assert folder.stat().st_mode & 0o777 == 0o700
