"""Give all tests the fixtures of `testing`, and begin with those that take long."""

from pathlib import Path

import pytest

TOOLS = Path(__file__).parent / "tools"

pytest_plugins = [
    f"testing.fixtures.{name}"
    for name in ("session", "database", "files", "people", "images", "clock", "tasks")
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the tests of the tools, which are last and take long, to the beginning.

    With several processes, the last tests should be short, or all but one would wait.
    """
    items.sort(key=lambda item: TOOLS not in item.path.parents)
