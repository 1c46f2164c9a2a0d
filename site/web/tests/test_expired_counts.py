"""Rows of windows that have ended are deleted every night and by the site itself."""

from datetime import UTC, datetime

import pytest

from web import models
from web.models import RateLimit

LONG_AGO = 1_000_000_000.0


@pytest.fixture(autouse=True)
def no_rows(db: None) -> None:
    """Delete rows that servers of earlier tests have left."""
    RateLimit.objects.all().delete()


def test_only_rows_of_windows_that_have_ended_are_deleted() -> None:
    for name in ("a", "b", "c"):
        RateLimit.objects.add(name, seconds=60, at=LONG_AGO)
    RateLimit.objects.add("a", seconds=86_400)
    assert RateLimit.objects.delete_expired() == 3
    [left] = RateLimit.objects.all()
    assert left.expires > datetime.now(UTC)


def test_more_rows_than_a_batch_are_all_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "BATCH", 2)
    for number in range(5):
        RateLimit.objects.add(f"{number}", seconds=60, at=LONG_AGO)
    assert RateLimit.objects.delete_expired() == 5


def test_a_new_row_sometimes_deletes_a_batch_of_old_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "BATCH", 2)
    for number in range(3):
        RateLimit.objects.add(f"{number}", seconds=60, at=LONG_AGO)
    monkeypatch.setattr(models, "CLEAN_UP_CHANCE", 1)
    RateLimit.objects.add("new", seconds=86_400)
    assert RateLimit.objects.count() == 2
    RateLimit.objects.add("new", seconds=86_400)
    assert RateLimit.objects.count() == 2
