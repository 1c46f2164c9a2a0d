"""The counts of rate limits, exact across workers."""

from datetime import UTC, datetime
from hashlib import sha256
from random import random
from time import time
from uuid import UUID

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from web import redis_counts
from web.queued_mail import Mail as Mail

ADD = """
    INSERT INTO {table} (key, count, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET count = {table}.count + excluded.count
    RETURNING count
"""
# One new row in 500 also deletes a batch of expired ones, which keeps the table small.
BATCH = 5_000
CLEAN_UP_CHANCE = 1 / 500
MORE_THAN_ANY_COUNT = 2**53


def window_end(seconds: int, at: float) -> int:
    """Return the end of the window of `seconds` that contains `at`."""
    return int(at // seconds + 1) * seconds


class RateLimitManager(models.Manager["RateLimit"]):
    """Count by name and window. Windows follow the clock, so a day ends at midnight UTC.

    Call this outside of transactions, since a rollback would undo the count.
    """

    def add(self, name: str, amount: int = 1, *, seconds: int, at: float | None = None) -> int:
        """Add `amount` to the count of `name`, and return the total of this window."""
        at = time() if at is None else at
        end = window_end(seconds, at)
        key = _key(name, seconds, end)
        if _is_off():
            return amount
        if redis_counts.is_used():
            return redis_counts.add(key, amount, end - at)
        total = self._upsert(key, amount, end)
        if total == amount and random() < CLEAN_UP_CHANCE:
            self._delete_batch()
        return total

    def refund(self, name: str, amount: int = 1, *, seconds: int, at: float | None = None) -> None:
        """Subtract `amount` from the count at the time `at`, by default now, but not below zero."""
        at = time() if at is None else at
        end = window_end(seconds, at)
        key = _key(name, seconds, end)
        if _is_off():
            return
        if redis_counts.is_used():
            redis_counts.add(key, -amount, end - at)
            return
        # Without the field type, psycopg would pass the number as a 32-bit integer.
        less = models.F("count") - models.Value(amount, models.BigIntegerField())
        self.filter(pk=key).update(count=Greatest(less, 0))

    def clear(self, name: str, *, seconds: int) -> None:
        """Set the count of `name` in this window to zero."""
        self.refund(name, MORE_THAN_ANY_COUNT, seconds=seconds)

    def delete_expired(self) -> int:
        """Delete the rows of windows that have ended, and return their number."""
        deleted = 0
        while batch := self._delete_batch():
            deleted += batch
        return deleted

    @transaction.atomic
    def _delete_batch(self) -> int:
        expired = self.filter(expires__lte=timezone.now()).order_by("expires")
        # Concurrent clean-ups skip each other's rows. As a subquery, PostgreSQL might run this more
        # than once and delete more than a batch.
        rows = expired.select_for_update(skip_locked=True).values_list("pk", flat=True)
        deleted, _ = self.filter(pk__in=list(rows[:BATCH])).delete()
        return deleted

    def _upsert(self, key: UUID, amount: int, end: int) -> int:
        # Not `self.db`, which is the replica for a GET.
        connection = connections["default"]
        columns = ((RateLimit.key, key), (RateLimit.count, amount), (RateLimit.expires, _utc(end)))
        values = [column.field.get_db_prep_save(value, connection) for column, value in columns]
        with connection.cursor() as cursor:
            cursor.execute(ADD.format(table=RateLimit._meta.db_table), values)
            return int(cursor.fetchone()[0])


class RateLimit(models.Model):
    """The count of one limit, for one person, address or text, in one window of time."""

    # A hash of the name, which contains what people typed, and of the window.
    key = models.UUIDField(primary_key=True)
    count = models.PositiveBigIntegerField()
    expires = models.DateTimeField(db_index=True)

    objects = RateLimitManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.count} until {self.expires}"


def _key(name: str, seconds: int, end: int) -> UUID:
    text = f"{name}\0{seconds}\0{end}".encode(errors="backslashreplace")
    return UUID(bytes=sha256(text).digest()[:16])


def _utc(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def _is_off() -> bool:
    """Return whether the cache is a dummy, which turns rate limits off."""
    return str(settings.CACHE_URL).startswith("dummycache:")
