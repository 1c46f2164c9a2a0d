"""How often people may do what is costly, or what is guessed at."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from time import time
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from redis import RedisError

from web.errors import too_many_requests
from web.mailboxes import counted_as
from web.models import RateLimit, window_end

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
OUTAGES = (InterfaceError, OperationalError, RedisError)


class Limit(NamedTuple):
    """At most `amount` in each window of `seconds`, counted for each person, address or text."""

    name: str
    amount: int
    seconds: int

    def count(self, who: object, *, at: float | None = None) -> bool:
        """Count once for `who`, and return whether that was within the limit."""
        name = self._name(who)
        return RateLimit.objects.add(name, seconds=self.seconds, at=at) <= self.amount

    def refund(self, who: object, *, at: float | None = None) -> None:
        """Take back what was counted at `at`, or now."""
        RateLimit.objects.refund(self._name(who), seconds=self.seconds, at=at)

    def clear(self, who: object) -> None:
        """Begin at zero again."""
        RateLimit.objects.clear(self._name(who), seconds=self.seconds)

    def seconds_left(self, at: float | None = None) -> int:
        """Return after how many seconds the next window begins."""
        at = time() if at is None else at
        return window_end(self.seconds, at) - int(at)

    def refusal(self, request: HttpRequest, *, at: float | None = None) -> HttpResponse:
        """Return the page that says so, and when to try again."""
        return too_many_requests(request, self.seconds_left(at))

    def _name(self, who: object) -> str:
        return f"{self.name}:{who}"


class RateLimitMiddleware:
    """Refuse a POST to a URL from anyone who has used up one of its limits in the settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counted: list[tuple[Limit, str, float]] = []
        request.counted_limits = counted  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code == 503:
            # The sender is not to blame, and is about to send it again.
            with suppress(*OUTAGES):
                for limit, who, at in counted:
                    limit.refund(who, at=at)
        return response

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if request.method != "POST" or not request.resolver_match:
            return None
        at = time()
        for limit, who in _limits(request, request.resolver_match.view_name):
            is_within = limit.count(who, at=at)
            request.counted_limits.append((limit, who, at))  # type: ignore[attr-defined]
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
        for per, amount in limits.get(url, {}).items():
            yield Limit(f"{url}:{per}", amount, seconds), _who(request, per)


def _who(request: HttpRequest, per: str) -> str:
    if per == "user":
        return str(request.user.pk)
    if per == "ip":
        return client_network(request)
    return counted_as(request.POST.get("email", ""))


def client_network(request: HttpRequest) -> str:
    """Return the client's address; of IPv6, the network that belongs to one customer."""
    ip = ip_address(get_adapter().get_client_ip(request))
    return str(ip if ip.version == 4 else IPv6Address(int(ip) >> 64 << 64))
