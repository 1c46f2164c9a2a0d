"""Store the counts of rate limits in Redis if `CACHE_URL` names a server."""

from functools import cache
from uuid import UUID

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

# A script needs one round trip, and never leaves a count without an expiry.
ADD = """
    local count = redis.call('INCRBY', KEYS[1], ARGV[1])
    if count < 0 then
        count = 0
        redis.call('SET', KEYS[1], 0)
    end
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return count
"""
# Seconds by which the clocks of several machines may differ.
MARGIN = 60
TIMEOUT = 5


def is_used() -> bool:
    return settings.CACHE_URL.startswith(("redis:", "rediss:", "unix:"))


def add(key: UUID, amount: int, seconds: float) -> int:
    """Add `amount` to a count, keep it for at least `seconds`, and return it."""
    add = _script(settings.CACHE_URL)
    return int(add([f"magpie:limit:{key.hex}"], [amount, int(seconds) + MARGIN]))


@cache
def _script(url: str) -> Script:
    # Retry once: a connection that Redis has closed is only noticed when it is used.
    retry = Retry(NoBackoff(), 1)
    client = Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry
    )
    return client.register_script(ADD)
