"""A site without WAL says so, and why, when it starts."""

from pathlib import Path

import pytest
from django.core.management import call_command

from sqlite.checks import check_library
from sqlite.library import LIBRARY
from sqlite.tests.processes import AFFECTED, MANAGE, finish, start


# `make run` and the container start with the first command.
@pytest.mark.parametrize("command", [("migrate", "--verbosity=0"), ("check",)])
def test_every_start_warns_of_a_library_with_the_bug(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    _, errors = finish(start(AFFECTED + MANAGE, tmp_path / "db.sqlite3", *command))
    assert "sqlite.W001" in errors
    assert "SQLite 3.46.1" in errors


def test_a_library_without_the_bug_causes_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIBRARY, "sqlite_version_info", (3, 53, 4))
    assert check_library() == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_check_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert f"SQLite {LIBRARY.sqlite_version}" in capsys.readouterr().out.splitlines()
