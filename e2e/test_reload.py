"""Reloading and stopping the server while people use it."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User

from images.models import Image
from tools.stress.reload import reload_and_stop
from tools.stress.writer import Writers


def test_no_request_fails_and_nothing_is_lost(
    server_environment: dict[str, str],
    ana: User,
    bookmark: Callable[..., Image],
    tmp_path: Path,
) -> None:
    bookmark(ana, "Sea")
    writers = Writers(3)
    more = {"CACHE_URL": "dummycache://"}
    assert not reload_and_stop(writers, tmp_path, 1, **server_environment, **more)
    assert writers.acknowledged
    assert not writers.lost_writes()
