"""A copy of Magpie with its own `var/`, for tests that run commands in it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tools.servers.site import free_port

# Folders in a developer's checkout that are not code.
IGNORED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "test-results")
CHOSEN = (
    *("DATABASE_URL", "CACHE_URL", "STORAGE_URL", "MEDIA_URL", "MEDIA_ROOT", "STATIC_ROOT"),
    *("SECRET_KEY", "SITE_URL"),
)
# Under this umask, files are as open as programs make them.
WIDE_OPEN = 0o000
# Use the packages of the checkout, so that nothing is downloaded.
MAKE = ["make", "--old-file", ".venv/run.stamp", f"UV={shutil.which('true')}"]

type Run = Callable[..., "subprocess.CompletedProcess[str]"]
type Serve = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a test's backup."""
    return tmp_path / "magpie.tar"


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy") / "magpie"
    shutil.copytree(settings.BASE_DIR, folder, ignore=IGNORED)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return folder


@pytest.fixture(scope="session")
def outer_environment() -> dict[str, str]:
    """Return the environment without settings that choose a database, a store or folders."""
    return {name: value for name, value in os.environ.items() if name not in CHOSEN}


@pytest.fixture(scope="session")
def run(copy: Path, outer_environment: dict[str, str]) -> Run:
    """Run a command in the copy under the umask 000."""

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            words,
            cwd=copy,
            env=outer_environment,
            umask=WIDE_OPEN,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture(scope="session")
def make_run(copy: Path, outer_environment: dict[str, str]) -> Serve:
    """Serve the copy with `make run` under the umask 000, and yield its address."""

    @contextmanager
    def make_run() -> Iterator[str]:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        words = [*MAKE, "run", f"PORT={port}"]
        with subprocess.Popen(
            words, cwd=copy, env=outer_environment, umask=WIDE_OPEN, process_group=0
        ) as server:
            try:
                wait_for(url, server)
                yield url
            finally:
                # With two signals at once, granian would wait forever. make passes this one on.
                server.terminate()

    return make_run


@pytest.fixture(scope="session")
def var(copy: Path, run: Run) -> Path:
    """The folder `var/` of the copy, which `make install` has set up, with a small demo."""
    run(*MAKE, "install")
    run(".venv/bin/python", "manage.py", "demo", "--people", "1", "--images", "1")
    return copy / "var"


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None
        try:
            urllib.request.urlopen(f"{url}/readyz").close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("The site did not become ready.")
