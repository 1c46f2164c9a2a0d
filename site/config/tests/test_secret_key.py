"""The secret key is made on the first start, and only its owner can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_key_is_made_once(settings_of: Callable[..., Any]) -> None:
    key = settings_of("SECRET_KEY")
    assert len(set(key)) > 10
    assert len(key) >= 50
    assert settings_of("SECRET_KEY") == key


def test_nobody_else_can_read_the_key(bare_site: Path, settings_of: Callable[..., Any]) -> None:
    settings_of("SECRET_KEY")
    assert (bare_site / "var/secret_key").stat().st_mode & 0o777 == 0o600
