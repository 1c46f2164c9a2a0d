"""When a replica takes the place of the primary, the site goes on without a restart."""

import time
from pathlib import Path

import pytest

from e2e.replicated import replicated_site


@pytest.mark.postgresql
def test_after_a_failover_people_read_and_write(
    server_environment: dict[str, str], tmp_path: Path
) -> None:
    with replicated_site(tmp_path, server_environment, names_both_hosts=True) as site:
        with site.paused():
            position = site.follow("ana", "cleo")
            assert site.followers_of("cleo", "ben") == 1
        site.control_primary("stop")
        site.control_replica("promote")
        for _ in range(60):
            if site.send("cleo", "/people/ana/follow/", "follow").status == 303:
                break
            time.sleep(0.5)
        assert site.followers_of("cleo", "ben") == 2
        assert site.followers_of("cleo", "ana", position) == 2
        assert site.followers_of("ana", "ben") == 2
        assert site.followers_of("ana", "cleo", site.follow("cleo", "ana", "unfollow")) == 1
