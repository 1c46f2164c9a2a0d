"""How many requests a second the server answers."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import perf_counter
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tools.bench.town import VIEWERS as READERS
from tools.servers.site import serving

SECONDS = 5.0
CONNECTIONS = 4


def measure() -> None:
    """Print the requests a second of an empty view, and of the feed for each reader."""
    print(f"| what the server answers to {CONNECTIONS} connections | requests a second |")
    print("|---|---|")
    with serving() as url:
        print(f"| an empty view | {requests_a_second(url, '/bench/empty/', {}):.0f} |")
        for pk, followed in READERS.items():
            headers = {"HX-Request": "true", "Cookie": session_of(User.objects.get(pk=pk))}
            rate = requests_a_second(url, "/stream/", headers)
            print(f"| the feed of a reader who follows {followed} | {rate:.0f} |", flush=True)
    print()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def requests_a_second(url: str, path: str, headers: dict[str, str]) -> float:
    host = urlsplit(url).netloc

    def ask(until: float) -> int:
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

    ask(perf_counter() + 1)
    begin = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        counts = list(pool.map(ask, [begin + SECONDS] * CONNECTIONS))
    return sum(counts) / (perf_counter() - begin)
