"""What the count of a rate limit costs Redis."""

from uuid import uuid4

from django.conf import settings
from redis import Redis

from tools.scaling.costs import RateLimit
from web import redis_counts

NUMBER = 5_000


def cost_of_count() -> RateLimit:
    redis = Redis.from_url(settings.CACHE_URL)
    redis.flushdb()
    cpu, memory = used(redis)
    for _ in range(NUMBER):
        redis_counts.add(uuid4(), 1, 3600)
    more_cpu, more_memory = used(redis)
    return RateLimit(1000 * (more_cpu - cpu) / NUMBER, (more_memory - memory) / NUMBER)


def used(redis: Redis) -> tuple[float, int]:
    """Return the seconds of CPU and the bytes of memory that Redis has used."""
    cpu = redis.info("cpu")
    return cpu["used_cpu_user"] + cpu["used_cpu_sys"], redis.info("memory")["used_memory"]
