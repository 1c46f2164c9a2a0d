"""Limits on how often people may send costly requests, and on guessing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from time import time
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from web.errors import too_many_requests
from web.mailboxes import limit_key
from web.models import RateLimit, window_end
from web.outages import OUTAGES

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


class Limit(NamedTuple):
    """At most `amount` in each window of `seconds`, counted for each person, address or text."""

    name: str
    amount: int
    seconds: int

    def count(self, key: object, *, at: float | None = None) -> bool:
        """Count once for `key`, and return whether that was within the limit."""
        name = self._name(key)
        return RateLimit.objects.add(name, seconds=self.seconds, at=at) <= self.amount

    def refund(self, key: object, *, at: float | None = None) -> None:
        """Subtract one from the count of the window that contains `at`, by default now."""
        RateLimit.objects.refund(self._name(key), seconds=self.seconds, at=at)

    def clear(self, key: object) -> None:
        """Set the count of `key` to zero."""
        RateLimit.objects.clear(self._name(key), seconds=self.seconds)

    def seconds_left(self, at: float | None = None) -> int:
        """Return the number of seconds until the next window begins."""
        at = time() if at is None else at
        return window_end(self.seconds, at) - int(at)

    def refusal(self, request: HttpRequest, *, at: float | None = None) -> HttpResponse:
        """Return the response for a request beyond the limit."""
        return too_many_requests(request, self.seconds_left(at))

    def _name(self, key: object) -> str:
        return f"{self.name}:{key}"


class RateLimitMiddleware:
    """Refuse a POST that exceeds one of the limits that the settings give for its URL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counts: list[tuple[Limit, str, float]] = []
        request.limit_counts = counts  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code == 503:
            # The sender is not at fault and will send the request again.
            with suppress(*OUTAGES):
                for limit, key, at in counts:
                    limit.refund(key, at=at)
        return response

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if request.method != "POST" or not request.resolver_match:
            return None
        at = time()
        for limit, key in _limits(request, request.resolver_match.view_name):
            is_within = limit.count(key, at=at)
            request.limit_counts.append((limit, key, at))  # type: ignore[attr-defined]
            if not is_within:
                return limit.refusal(request, at=at)
        return None


def _limits(request: HttpRequest, url: str) -> Iterator[tuple[Limit, str]]:
    windows = (
        (MINUTE, settings.RATE_LIMITS),
        (HOUR, settings.HOURLY_RATE_LIMITS),
        (DAY, settings.DAILY_RATE_LIMITS),
    )
    for seconds, limits in windows:
        for scope, amount in limits.get(url, {}).items():
            if scope == "user" and not request.user.is_authenticated:
                continue
            yield Limit(f"{url}:{scope}", amount, seconds), _key(request, scope)


def _key(request: HttpRequest, scope: str) -> str:
    if scope == "user":
        return str(request.user.pk)
    if scope == "ip":
        return client_network(request)
    return limit_key(request.POST.get("email", ""))


def client_network(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or its IPv6 network of 64 bits, which is one customer's."""
    ip = ip_address(get_adapter().get_client_ip(request))
    return str(ip if ip.version == 4 else IPv6Address(int(ip) >> 64 << 64))
