"""One user cannot overload the real server for others."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User

from images.models import Image
from testing.image_files import encode, noise
from tools.servers.site import serving
from tools.stress.attacker import Attacker, preview_slow_page, save_with_retries, slow_web_server
from tools.stress.client import SignedInClient

# A page takes about 0.05 seconds. Without slots, it took as long as the attack.
MAX_SECONDS = 5.0


@pytest.fixture(scope="module")
def site(server_environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the hosts of a site without rate limits and of a slow server that it may fetch from."""
    with slow_web_server() as slow_host:
        others = {"CACHE_URL": "dummycache://", "FETCH_ALLOWED_HOSTS": slow_host}
        with serving(None, **(server_environment | others)) as url:
            yield urlsplit(url).netloc, slow_host


def longest_wait(get: Callable[[str], tuple[int, str]], paths: list[str]) -> float:
    waits = []
    for path in paths:
        started = time.monotonic()
        status, _ = get(path)
        waits.append(time.monotonic() - started)
        assert status == 200, path
    return max(waits)


def test_one_user_cannot_keep_others_from_reading_and_saving(
    site: tuple[str, str], ana: User
) -> None:
    host, slow_host = site
    ben = SignedInClient("ben")
    attacker = Attacker("eve", slow_host)
    statuses = []
    with attacker.attack(host):
        # Wait until all threads of the attacker are at work.
        time.sleep(3)
        for number in range(4):
            file = encode(noise(size=(300, 200), seed=number), "PNG")
            statuses.append(save_with_retries(ben, host, f"Image {number}", file))
            waited = longest_wait(
                lambda path: ben.get(host, path),
                ["/healthz", "/images/", "/people/", "/people/ana/", "/stream/"],
            )
            assert waited < MAX_SECONDS
    assert statuses == [303] * 4
    assert Image.objects.filter(user=ben.user).count() == 4
    # Most of the attack was refused.
    assert attacker.statuses[503] > 20
    assert not {500, 0} & {*attacker.statuses}


def test_ten_images_sent_at_once_are_all_saved(
    site: tuple[str, str],
) -> None:
    host, _ = site
    ben = SignedInClient("ben")
    files = [encode(noise(size=(900, 600), seed=seed), "PNG") for seed in range(10)]

    def send(number: int) -> int:
        return save_with_retries(ben, host, f"Image {number}", files[number])

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(send, range(10))) == [303] * 10
    assert Image.objects.filter(user=ben.user).count() == 10


def test_half_of_the_threads_are_reserved_for_pages(server_environment: dict[str, str]) -> None:
    clients = [SignedInClient(name) for name in ("ana", "ben", "cleo")]
    answers: list[tuple[float, int]] = []
    chosen = {"WORKERS": "1", "THREADS": "4"}
    with ThreadPoolExecutor(3) as threads, ExitStack() as slow_server:
        slow_host = slow_server.enter_context(slow_web_server())
        others = {"CACHE_URL": "dummycache://", "FETCH_ALLOWED_HOSTS": slow_host}
        with serving(None, **(server_environment | others | chosen)) as url:
            host = urlsplit(url).netloc
            started = time.monotonic()

            def preview(client: SignedInClient) -> None:
                status = preview_slow_page(client, host, slow_host)
                answers.append((time.monotonic() - started, status))

            previews = [threads.submit(preview, client) for client in clients]
            wait(previews, return_when=FIRST_COMPLETED)
            assert longest_wait(lambda path: clients[0].get(host, path), ["/healthz"]) < MAX_SECONDS
            time.sleep(3)
            slow_server.close()
            for each in previews:
                each.result()
    # The third is refused at once; the other two wait for a page until its server ends.
    assert [status for _, status in answers] == [503, 200, 200]
    assert answers[0][0] < answers[1][0] - 2
