"""Which package may import which: stream is the ground, people stand on it, images on both."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
APPS = {"stream", "people", "images", "components"}


def imports(folder: str) -> Iterator[str]:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("folder", "floor"),
    [
        ("stream", set()),
        ("people", {"stream"}),
        ("images", {"people", "stream"}),
        ("components", set()),
    ],
)
def test_a_floor_imports_those_below_it_alone(folder: str, floor: set[str]) -> None:
    others = APPS - floor - {folder}
    assert not [name for name in imports(folder) if name.split(".")[0] in others]


@pytest.mark.parametrize("folder", ["stream", "people", "images", "components", "e2e"])
def test_nobody_imports_the_configuration_but_its_pages(folder: str) -> None:
    ours = [name for name in imports(folder) if name.startswith("config.")]
    assert not [name for name in ours if not name.startswith("web.pages")]
