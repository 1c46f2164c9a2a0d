"""The site runs on a safe SQLite library, if there is one."""

from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from sqlite.library import LIBRARY, choose, has_wal_reset_bug

BAD = [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 46, 1), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
GOOD = [
    (3, 44, 6),
    (3, 44, 9),
    (3, 50, 7),
    (3, 50, 9),
    (3, 51, 3),
    (3, 52, 0),
    (3, 53, 4),
    (4, 0, 0),
]


def library(version: tuple[int, ...]) -> Any:
    library = ModuleType("library")
    library.sqlite_version_info = version  # type: ignore[attr-defined]
    return library


@pytest.mark.parametrize("version", BAD)
def test_a_version_with_the_bug_is_recognized(version: tuple[int, ...]) -> None:
    assert has_wal_reset_bug(library(version))


@pytest.mark.parametrize("version", GOOD)
def test_a_version_without_the_bug_is_recognized(version: tuple[int, ...]) -> None:
    assert not has_wal_reset_bug(library(version))


@pytest.mark.parametrize("version", GOOD)
def test_a_safe_python_library_is_used_with_any_wheel(version: tuple[int, ...]) -> None:
    standard = library(version)
    for wheel in (None, library(BAD[0]), library((3, 53, 4))):
        assert choose(standard, wheel) is standard


@pytest.mark.parametrize("version", BAD)
def test_a_safe_wheel_is_used_instead_of_an_unsafe_python_library(version: tuple[int, ...]) -> None:
    wheel = library((3, 53, 4))
    assert choose(library(version), wheel) is wheel


@pytest.mark.parametrize("wheel", [None, library((3, 46, 1))])
def test_pythons_own_library_is_used_without_a_safe_wheel(wheel: Any) -> None:
    standard = library((3, 40, 1))
    assert choose(standard, wheel) is standard


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_tests_run_on_the_chosen_library() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        assert cursor.fetchone() == (LIBRARY.sqlite_version,)
