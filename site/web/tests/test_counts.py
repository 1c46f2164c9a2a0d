"""A count adds up within its window, in the database and in Redis, and never falls below zero."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tools.servers.redis import redis
from web import models
from web.models import RateLimit

NOW = 1_800_000_000.0

pytestmark = pytest.mark.django_db
add, refund = RateLimit.objects.add, RateLimit.objects.refund


@pytest.fixture(autouse=True, params=["database", "redis"])
def backend(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Count in the database, and in Redis."""
    with ExitStack() as stack:
        is_redis = request.param == "redis"
        settings.CACHE_URL = stack.enter_context(redis()) if is_redis else ""
        yield


def test_amounts_of_one_name_add_up() -> None:
    assert [add("ana", seconds=60, at=NOW) for _ in range(3)] == [1, 2, 3]
    assert add("ana", 15_000_000_000, seconds=60, at=NOW + 59) == 15_000_000_003


def test_the_next_window_begins_at_zero() -> None:
    add("ana", 5, seconds=60, at=NOW)
    assert add("ana", seconds=60, at=NOW + 60) == 1
    assert add("ana", seconds=60, at=NOW) == 6


def test_other_names_and_windows_of_other_lengths_are_counted_separately() -> None:
    add("ana", 5, seconds=60, at=NOW)
    assert add("ben", seconds=60, at=NOW) == 1
    assert add("ana", seconds=3600, at=NOW) == 1


def test_a_refund_is_taken_from_the_window_in_which_it_was_added() -> None:
    add("ana", 5, seconds=60, at=NOW)
    add("ana", 5, seconds=60, at=NOW + 60)
    refund("ana", 2, seconds=60, at=NOW)
    assert add("ana", seconds=60, at=NOW) == 4
    assert add("ana", seconds=60, at=NOW + 60) == 6


def test_a_refund_of_more_than_was_added_leaves_zero() -> None:
    refund("ana", seconds=60, at=NOW)
    assert add("ana", seconds=60, at=NOW) == 1
    refund("ana", 15_000_000_000, seconds=60, at=NOW)
    assert add("ana", seconds=60, at=NOW) == 1


@pytest.mark.parametrize("name", ["\ud800", "\0", "x" * 1_000_000], ids=["half", "nul", "long"])
def test_any_text_can_be_a_name(name: str) -> None:
    assert [add(name, seconds=60, at=NOW) for _ in range(2)] == [1, 2]


def test_many_counts_of_one_kind_do_not_push_out_another(settings: Any) -> None:
    add("wrong password of eve", 5, seconds=60, at=NOW)
    if settings.CACHE_URL:
        for number in range(2_000):
            add(f"like {number}", seconds=60, at=NOW)
    else:
        later = datetime.fromtimestamp(NOW + 60, UTC)
        likes = (RateLimit(key=uuid4(), count=1, expires=later) for _ in range(30_000))
        RateLimit.objects.bulk_create(likes, batch_size=5_000)
    RateLimit.objects.delete_expired()
    assert add("wrong password of eve", seconds=60, at=NOW) == 6


def test_a_count_is_one_statement(django_assert_num_queries: Any, settings: Any) -> None:
    count = 0 if settings.CACHE_URL else 1
    with django_assert_num_queries(count):
        add("ana", seconds=60, at=NOW)
    with django_assert_num_queries(count):
        add("ana", seconds=60, at=NOW)


def test_a_count_can_be_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "time", lambda: NOW)
    add("ana", 15_000_000_000, seconds=60)
    RateLimit.objects.clear("ana", seconds=60)
    assert add("ana", seconds=60) == 1
