"""Debugging is off by default."""

from collections.abc import Callable
from typing import Any

from testing.url_patterns import url_patterns


def test_debugging_is_off_unless_asked_for(settings_of: Callable[..., Any]) -> None:
    assert settings_of("DEBUG") is False
    assert settings_of("DEBUG", SITE_URL="https://magpie.example") is False
    assert settings_of("DEBUG", DEBUG="1") is True


def test_the_showcase_is_not_served_without_debugging() -> None:
    assert "/showcase/" not in url_patterns()
