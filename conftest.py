"""Give all tests the fixtures of `testing`, and begin with those that take long."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

TOOLS = Path(__file__).parent / "tools"

pytest_plugins = [
    f"testing.fixtures.{name}"
    for name in ("session", "database", "files", "people", "images", "clock", "tasks")
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of other databases and storages, and begin with those of the tools.

    The tests of the tools take long. With several processes, the last tests should be short, or
    all but one would wait.
    """
    others = {"sqlite", "postgresql"} - {connection.vendor}
    if settings.STORAGE_URL.startswith("s3:"):
        others.add("disk")
    left_out = [item for item in items if any(map(item.get_closest_marker, others))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: TOOLS not in item.path.parents)
