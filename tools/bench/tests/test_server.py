"""The benchmark loads a server and measures each of its answers."""

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from tools.bench import server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 2)
    monkeypatch.setattr(server, "WARM_UP", 0.1)


def test_each_page_is_answered_to_a_signed_in_viewer(live_server: LiveServer, ana: User) -> None:
    for path, headers in server.PAGES.values():
        if path.startswith("/bench/"):
            continue
        sent = headers | {"Cookie": server.session_of(ana)}
        times = server.times_of_requests(live_server.url + path, sent, 2)
        assert times
        assert min(times) > 0


def test_a_redirect_is_an_error(live_server: LiveServer) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        with pytest.raises(RuntimeError, match="answered"):
            server.times_of_requests(f"{live_server.url}/images/", headers, 1)


def test_the_slowest_hundredth_is_printed() -> None:
    times = [float(time) for time in range(1, 101)]
    assert server.middle_and_slowest(times) == "50.5 | 99.0"
