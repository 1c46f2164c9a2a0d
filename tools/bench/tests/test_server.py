"""The benchmark loads a server and measures each of its answers."""

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from tools.bench import server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 0.3)


def test_each_page_is_answered_to_a_signed_in_viewer(live_server: LiveServer, ana: User) -> None:
    for name in ("gallery", "feed"):
        path, headers = server.PAGES[name]
        sent = headers | {"Cookie": server.session_of(ana)}
        answers = server.answers_to(2, live_server.url + path, sent)
        assert len(answers.milliseconds) >= 2
        assert min(answers.milliseconds) > 0
        assert answers.seconds >= server.SECONDS


def test_a_redirect_is_an_error(live_server: LiveServer) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        with pytest.raises(RuntimeError, match="answered"):
            server.answers_to(1, f"{live_server.url}/images/", headers)


def test_rate_median_and_the_slowest_hundredth_are_printed() -> None:
    times = [float(time) for time in range(1, 101)]
    assert str(server.Answers(times, seconds=2)) == "50 | 50.5 | 99.0"
