"""Whatever one member does, pages answer and others save. On the real server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User

from images.models import Image
from testing.image_files import noise, saved
from tools.servers.site import serving
from tools.stress.attacker import Attacker, bookmark_in_the_end, look_at_slow_page, slow_web
from tools.stress.client import Member

# A page takes some hundredths of a second; before, it took as long as the attack.
LONGEST = 5.0


@pytest.fixture
def site(server_environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The hosts of a site that limits nobody, and of a slow web from which it may fetch."""
    with slow_web() as slow_host:
        others = {"CACHE_URL": "dummycache://", "FETCH_ALLOWED_HOSTS": slow_host}
        with serving(None, **(server_environment | others)) as url:
            yield urlsplit(url).netloc, slow_host


def longest_wait(ask: Callable[[str], tuple[int, str]], paths: list[str]) -> float:
    waits = []
    for path in paths:
        started = time.monotonic()
        status, _ = ask(path)
        waits.append(time.monotonic() - started)
        assert status == 200, path
    return max(waits)


def test_pages_answer_and_others_save_while_one_member_does_their_worst(
    site: tuple[str, str], ana: User
) -> None:
    host, slow_host = site
    ben = Member("ben")
    attacker = Attacker("eve", slow_host)
    statuses = []
    with attacker.attacking(host):
        # Until all are at work.
        time.sleep(3)
        for number in range(4):
            picture = saved(noise(size=(300, 200), seed=number), "PNG")
            statuses.append(bookmark_in_the_end(ben, host, f"Image {number}", picture))
            wait = longest_wait(
                lambda path: ben.read(host, path),
                ["/healthz", "/images/", "/people/", "/people/ana/", "/stream/"],
            )
            assert wait < LONGEST
    assert statuses == [303] * 4
    assert Image.objects.filter(user=ben.user).count() == 4
    # It was an attack: most of it was refused.
    assert attacker.statuses[503] > 20
    assert not {500, 0} & {*attacker.statuses}


def test_ten_images_that_one_person_sends_at_once_are_all_kept_in_the_end(
    site: tuple[str, str],
) -> None:
    host, _ = site
    ben = Member("ben")
    pictures = [saved(noise(size=(900, 600), seed=seed), "PNG") for seed in range(10)]

    def send(number: int) -> int:
        return bookmark_in_the_end(ben, host, f"Image {number}", pictures[number])

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(send, range(10))) == [303] * 10
    assert Image.objects.filter(user=ben.user).count() == 10


def test_half_of_the_threads_are_left_for_pages(server_environment: dict[str, str]) -> None:
    members = [Member(name) for name in ("ana", "ben", "cleo")]
    answers: list[tuple[float, int]] = []
    with slow_web() as slow_host, ThreadPoolExecutor(3) as threads:
        others = {"CACHE_URL": "dummycache://", "FETCH_ALLOWED_HOSTS": slow_host}
        with serving(None, **(server_environment | others | {"THREADS": "4"})) as url:
            host = urlsplit(url).netloc
            started = time.monotonic()

            def look(member: Member) -> None:
                status = look_at_slow_page(member, host, slow_host)
                answers.append((time.monotonic() - started, status))

            looks = [threads.submit(look, member) for member in members]
            time.sleep(1)
            assert longest_wait(lambda path: members[0].read(host, path), ["/healthz"]) < LONGEST
            for each in looks:
                each.result()
    # The third is told at once to come again; the others wait for what never comes.
    assert [status for _, status in answers] == [503, 200, 200]
    assert answers[0][0] < answers[1][0] - 2
