"""How often people may do what costs much, or what is guessed at."""

from bisect import bisect_left
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse

from config.errors import too_many_requests
from config.pages import HtmxRequest

MINUTE = 60


class RateLimitMiddleware:
    """Refuse who has posted to a URL as often as `RATE_LIMITS` allows in this minute."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HtmxRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HtmxRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if not match or request.method != "POST":
            return None
        url = match.view_name
        minute, second = divmod(int(time()), MINUTE)
        for per, amount in settings.RATE_LIMITS.get(url, {}).items():
            who = sha256(counted(request, per).encode(errors="replace")).hexdigest()
            if not take(f"{url}:{per}:{who}:{minute}", amount):
                return too_many_requests(request, MINUTE - second)
        return None


def counted(request: HtmxRequest, per: str) -> str:
    """Return whom or what to count by: the person, the address, or what stands in a field."""
    if per == "user":
        return str(request.user.pk)
    if per != "ip":
        return str(request.POST.get(per, "")).strip().casefold()
    ip = ip_address(get_adapter().get_client_ip(request))
    # Who has one address of IPv6 has all that begin with the same 64 bits.
    return str(ip if ip.version == 4 else IPv6Address(int(ip) >> 64 << 64))


def take(key: str, amount: int) -> bool:
    """Take one of the places in this minute; False where all are taken.

    No cache of Django's but the one in Redis counts without a gap between reading and writing, but
    all of them add a key once. The places are taken in their order and outlive the minute.
    """

    def place(number: int) -> str:
        return f"{key}:{number}"

    first = bisect_left(range(amount), True, key=lambda number: place(number) not in cache)
    for number in range(first, amount):
        if cache.add(place(number), 1, 2 * MINUTE):
            return True
        if place(number) not in cache:
            # Django's cache in the database keeps errors to itself.
            raise OperationalError("The cache cannot be written to.")
    return False
