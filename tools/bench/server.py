"""The number of requests that the server answers per second."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import perf_counter
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tools.bench.data import VIEWERS
from tools.servers.site import serving

SECONDS = 5.0
CONNECTIONS = 4


def measure() -> None:
    """Print the requests per second of an empty view, and of the feed for each viewer."""
    print(f"| served to {CONNECTIONS} connections | requests per second |")
    print("|---|---|")
    with serving() as url:
        print(f"| an empty view | {requests_per_second(url, '/bench/empty/', {}):.0f} |")
        for pk, followed in VIEWERS.items():
            headers = {"HX-Request": "true", "Cookie": session_cookie(User.objects.get(pk=pk))}
            rate = requests_per_second(url, "/stream/", headers)
            print(f"| the feed of a viewer who follows {followed} | {rate:.0f} |", flush=True)
    print()


def session_cookie(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def requests_per_second(url: str, path: str, headers: dict[str, str]) -> float:
    host = urlsplit(url).netloc

    def send_requests(until: float) -> int:
        count = 0
        with closing(http.client.HTTPConnection(host)) as connection:
            while perf_counter() < until:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                body = response.read()
                if response.status != 200:
                    raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
                count += 1
        return count

    send_requests(perf_counter() + 1)
    begin = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        counts = list(pool.map(send_requests, [begin + SECONDS] * CONNECTIONS))
    return sum(counts) / (perf_counter() - begin)
