"""One worker for each core that Magpie may use, within the quota of its control group."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings import cores


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the control groups of a machine with 4 cores, on which Magpie is a service."""
    monkeypatch.setattr("os.process_cpu_count", lambda: 4, raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    monkeypatch.setattr(cores, "PROCESS", tmp_path / "process")
    monkeypatch.setattr(cores, "GROUPS", tmp_path / "groups")
    (tmp_path / "process").write_text("1:cpu:/other\n0::/system.slice/magpie.service\n")
    (tmp_path / "groups/system.slice/magpie.service").mkdir(parents=True)
    return tmp_path / "groups"


def test_all_cores_are_used_without_a_quota(machine: Path) -> None:
    assert cores.usable() == 4
    (machine / "system.slice/cpu.max").write_text("max 100000\n")
    assert cores.usable() == 4


@pytest.mark.parametrize(
    ("quota", "count"),
    [("20000 100000", 1), ("200000 100000", 2), ("50000 20000", 3), ("900000 100000", 4)],
)
@pytest.mark.parametrize("group", ["", "system.slice", "system.slice/magpie.service"])
def test_a_quota_of_the_service_or_a_group_around_it_counts(
    machine: Path, group: str, quota: str, count: int
) -> None:
    (machine / group / "cpu.max").write_text(f"{quota}\n")
    assert cores.usable() == count


def test_a_container_sees_its_own_quota_at_the_root(machine: Path, tmp_path: Path) -> None:
    for path in ("/", "/../../elsewhere", "/machine.slice/unseen"):
        (tmp_path / "process").write_text(f"0::{path}\n")
        (machine / "cpu.max").write_text("100000 100000\n")
        assert cores.usable() == 1


def test_systems_without_control_groups_have_no_quota(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "process").unlink()
    assert cores.usable() == 4


def test_a_machine_with_many_cores_gets_no_more_than_6_workers(
    load_settings: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.process_cpu_count", lambda: 64, raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert load_settings()["WORKERS"] <= 6
    assert load_settings(WORKERS="16")["WORKERS"] == 16


def test_each_thread_of_a_worker_has_a_connection_to_the_database(
    load_settings: Callable[..., dict[str, Any]],
) -> None:
    postgres = "postgres://localhost/magpie"
    database = load_settings(DATABASE_URL=postgres, THREADS="20")["DATABASES"]["default"]
    assert database["OPTIONS"]["pool"]["max_size"] == 20
