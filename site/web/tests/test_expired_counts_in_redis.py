"""Redis forgets a count soon after its window has ended."""

from typing import Any

from redis import Redis

from tools.servers.redis import redis
from web.models import RateLimit


def test_every_count_expires_a_minute_after_its_window(settings: Any) -> None:
    with redis() as settings.CACHE_URL, Redis.from_url(settings.CACHE_URL) as client:
        RateLimit.objects.add("ana", seconds=3600, at=7000.0)
        RateLimit.objects.refund("ben", seconds=3600, at=3600.0)
        ana, ben = sorted(client.ttl(key) for key in client.scan_iter())
    assert 200 < ana <= 200 + 60
    assert 3600 < ben <= 3600 + 60
