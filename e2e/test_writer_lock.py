"""While another request holds a lock for long, writes wait, and get 503 after a while."""

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
def press(ana: User, ben: User, pool: ThreadPoolExecutor) -> Callable[..., int]:
    """Follow Ben as Ana, and return the status."""
    client = Client()
    client.force_login(ana)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"

    def press(url: str) -> int:
        return urllib3.request(
            "POST",
            f"{url}/people/ben/follow/",
            fields={"action": "follow"},
            headers={"Cookie": cookies, "X-CSRFToken": TOKEN},
            retries=False,
            timeout=60,
        ).status

    return press


def lock(ana: User) -> object:
    """Lock Ana's row, or on SQLite the whole database."""
    return User.objects.select_for_update(no_key=True).get(pk=ana.pk)


def test_a_click_waits_ten_seconds_for_a_lock(
    site_url: str, ana: User, press: Callable[[str], int], pool: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        lock(ana)
        pressed = pool.submit(press, site_url)
        assert not wait([pressed], timeout=10).done
    assert pressed.result() == 303
    assert Contact.objects.count() == 1


def test_clicks_get_503_when_a_lock_takes_too_long_and_all_connections_wait(
    server_environment: dict[str, str],
    ana: User,
    press: Callable[[str], int],
    pool: ThreadPoolExecutor,
) -> None:
    few = {"DATABASE_TIMEOUT": "2", "DATABASE_POOL_SIZE": "1"}
    with serving(None, **server_environment, **few) as url:
        with transaction.atomic():
            lock(ana)
            pressed = [pool.submit(press, url) for _ in range(8)]
            assert {one.result() for one in pressed} == {503}
        assert press(url) == 303
    assert Contact.objects.count() == 1
