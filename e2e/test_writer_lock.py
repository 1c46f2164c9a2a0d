"""While another request holds a lock, writes wait for it, and answer 503 if they wait too long."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import urllib3
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from people.models import Contact
from tools.servers.site import serving

TOKEN = "a" * 32


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def follow_ben(ana: User, ben: User, pool: ThreadPoolExecutor) -> Callable[..., int]:
    """Return a function that follows Ben as Ana, and returns the status."""
    client = Client()
    client.force_login(ana)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"

    def follow_ben(url: str) -> int:
        return urllib3.request(
            "POST",
            f"{url}/people/ben/follow/",
            fields={"action": "follow"},
            headers={"Cookie": cookies, "X-CSRFToken": TOKEN},
            retries=False,
            timeout=60,
        ).status

    return follow_ben


def lock(ana: User) -> object:
    """Lock Ana's row, or on SQLite the whole database."""
    return User.objects.select_for_update(no_key=True).get(pk=ana.pk)


def test_a_click_waits_ten_seconds_for_a_lock(
    site_url: str, ana: User, follow_ben: Callable[[str], int], pool: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        lock(ana)
        follow = pool.submit(follow_ben, site_url)
        assert not wait([follow], timeout=10).done
    assert follow.result() == 303
    assert Contact.objects.count() == 1


def test_clicks_get_503_when_a_lock_takes_too_long_and_all_connections_wait(
    server_environment: dict[str, str],
    ana: User,
    follow_ben: Callable[[str], int],
    pool: ThreadPoolExecutor,
) -> None:
    limits = {"DATABASE_TIMEOUT": "2", "DATABASE_POOL_SIZE": "1"}
    with serving(None, **server_environment, **limits) as url:
        with transaction.atomic():
            lock(ana)
            follows = [pool.submit(follow_ben, url) for _ in range(8)]
            assert {follow.result() for follow in follows} == {503}
        assert follow_ben(url) == 303
    assert Contact.objects.count() == 1
