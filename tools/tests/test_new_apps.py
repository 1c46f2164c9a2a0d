"""`make check` names each place that has to name a new app."""

import shutil
from pathlib import Path

import pytest

from tools import checks

LISTS = (
    *("pyproject.toml", "site/config/settings/base.py"),
    *("deploy/Containerfile", ".dockerignore"),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the files that list the apps."""
    for name in LISTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checks.ROOT / name, tmp_path / name)
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("folder", "places"), [("search", 6), ("site/search", 4)])
def test_each_place_that_lacks_a_new_app_is_named(root: Path, folder: str, places: int) -> None:
    (root / folder).mkdir()
    (root / folder / "apps.py").touch()
    faults = list(checks.unlisted_apps())
    assert len(faults) == places
    assert all("search" in fault for fault in faults)


def test_apps_that_are_listed_are_not_named(root: Path) -> None:
    for app in ("home", "demo", "site/web"):
        (root / app).mkdir(exist_ok=True)
        (root / app / "apps.py").touch()
    assert list(checks.unlisted_apps()) == []
