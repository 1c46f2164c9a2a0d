"""While a replica or the primary is away, pages that do not need it work."""

import time
from collections.abc import Iterator

import pytest
import urllib3

from e2e.replicated import ReplicatedSite, position_in, replicated_site

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def site(
    server_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReplicatedSite]:
    folder = tmp_path_factory.mktemp("replicated")
    with replicated_site(folder, server_environment) as site:
        yield site


def test_the_site_is_ready_with_a_replica(site: ReplicatedSite) -> None:
    response = urllib3.request("GET", f"{site.url}/readyz")
    assert response.status == 200
    assert not position_in(response)


def test_without_the_replica_pages_are_read_from_the_primary(site: ReplicatedSite) -> None:
    assert site.followers_of("cleo", "ben") == 1
    site.control_replica("stop")
    position = site.follow("ana", "cleo")
    began = time.monotonic()
    assert [site.followers_of("cleo", "ben") for _ in range(10)] == [2] * 10
    assert site.followers_of("cleo", "ana", position) == 2
    # Only the first request waits for the replica.
    assert time.monotonic() - began < 10
    site.control_replica("start")
    with site.paused():
        site.follow("ana", "cleo", "unfollow")
        for _ in range(60):
            if site.followers_of("cleo", "ben") == 2:
                break
            time.sleep(0.5)
        else:
            raise AssertionError("Nothing is read from the replica after its return.")


def test_without_the_primary_pages_are_read_from_the_replica(site: ReplicatedSite) -> None:
    position = site.follow("ana", "cleo")
    site.catch_up()
    site.control_primary("stop")
    assert site.followers_of("cleo", "ben") == 2
    assert site.followers_of("cleo", "ana", position) == 2
    assert site.send("ana", "/people/cleo/follow/", "unfollow").status == 503
    assert site.send("ana", "/people/cleo/", position="FFFFFFFF/FFFFFFFF").status == 503
    site.control_primary("start")
    for _ in range(60):
        if site.send("ana", "/people/cleo/follow/", "unfollow").status == 303:
            break
        time.sleep(0.5)
    assert site.followers_of("cleo", "ana", "FFFFFFFF/FFFFFFFF") == 1
