"""Counts of rate limits in Redis, where `CACHE_URL` names one."""

from functools import cache
from uuid import UUID

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

# One round trip, and no moment at which a count has no expiry.
ADD = """
    local count = redis.call('INCRBY', KEYS[1], ARGV[1])
    if count < 0 then
        count = 0
        redis.call('SET', KEYS[1], 0)
    end
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return count
"""
# Clocks of several machines differ.
MARGIN = 60
TIMEOUT = 5


def is_used() -> bool:
    return settings.CACHE_URL.startswith(("redis:", "rediss:", "unix:"))


def add(key: UUID, amount: int, seconds: float) -> int:
    """Add to a count, which is kept for at least `seconds`, and return it."""
    add = _script(settings.CACHE_URL)
    return int(add([f"magpie:limit:{key.hex}"], [amount, int(seconds) + MARGIN]))


@cache
def _script(url: str) -> Script:
    # A second attempt: that Redis closed a connection is only found out by using it.
    retry = Retry(NoBackoff(), 1)
    client = Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry
    )
    return client.register_script(ADD)
