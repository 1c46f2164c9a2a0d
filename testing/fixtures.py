"""Fixtures that tests of all apps share: three people, an image, folders and databases."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import override_settings, setup_databases, teardown_databases
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from images.models import Image
from images.sanitize import sanitize
from testing.web import picture, served

COLLECTED_STORAGE = settings.STORAGES["staticfiles"]


def pytest_configure() -> None:
    """End all that tests have started also when they are told to end, as on Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Set up the tests' database always: the browser tests use it without pytest-django's mark."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default": False})
        yield
        end_other_sessions()
        teardown_databases(databases, verbosity=0)


def end_other_sessions() -> None:
    """End the sessions of servers that tests have killed; PostgreSQL notices that late."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def media_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Keep uploads out of var/."""
    root = str(tmp_path_factory.mktemp("media"))
    settings.MEDIA_ROOT = root
    return root


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Link to static files by their plain names, so that they need not be collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Without autorefresh, WhiteNoise scans the folder for each new test client.
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain}, WHITENOISE_AUTOREFRESH=True
    ):
        yield


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Collect, hash and compress the static files once for all test processes."""
    if collected := os.environ.get("COLLECTED_STATIC"):
        return collected
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    root = folder / "static"
    with (folder / "static.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not root.exists():
            environment = os.environ | {"STATIC_ROOT": str(root)}
            command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
            subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    return str(root)


@pytest.fixture
def collected_static(static_root: str, settings: Settings) -> Path:
    """Serve the collected static files, as a real site does, and return their folder."""
    settings.STATIC_ROOT = static_root
    settings.STORAGES = settings.STORAGES | {"staticfiles": COLLECTED_STORAGE}
    return Path(static_root)


@pytest.fixture(scope="session", autouse=True)
def slots_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep slots out of var/, also those of servers: people have the same keys everywhere."""
    settings.SLOTS_ROOT = os.environ["SLOTS_ROOT"] = str(tmp_path_factory.mktemp("slots"))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hash a password once instead of a million times; servers that are told of it check it."""
    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(scope="session")
def database_url(django_db_setup: None) -> str:
    """Where the tests' database is, as other processes are told it."""
    database = {key: quote(str(value)) for key, value in connection.settings_dict.items()}
    if connection.vendor == "sqlite":
        return "sqlite:///{NAME}".format(**database)
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


@pytest.fixture(autouse=True)
def a_test_begins_in_english() -> Iterator[None]:
    """Undo what requests leave behind: the language of who asked last."""
    with translation.override("en"):
        yield


@pytest.fixture
def media() -> Path:
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", first_name="Ana", last_name="Silva")


@pytest.fixture
def ben(db: None) -> User:
    return User.objects.create_user("ben", first_name="Ben", last_name="Okafor")


@pytest.fixture
def cleo(db: None) -> User:
    return User.objects.create_user("cleo")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def as_ana(ana: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(ana)


@pytest.fixture
def bookmark() -> Callable[..., Image]:
    """Save a picture for a user; pictures of different colours are different files."""

    def bookmark(
        user: User,
        title: str = "A bird",
        colour: str = "teal",
        size: tuple[int, int] = (60, 40),
        **fields: str,
    ) -> Image:
        return Image.objects.bookmark(user, sanitize(picture(colour, size)), title=title, **fields)

    return bookmark


@pytest.fixture(scope="session")
def local_web() -> Iterator[str]:
    """Serve the pictures and pages of `testing.web`, and return the address."""
    with served() as url:
        yield url


@pytest.fixture
def web(local_web: str, settings: Settings) -> str:
    """Return the address of a local server from which this process may fetch images."""
    settings.FETCH_ALLOWED_HOSTS = [local_web.removeprefix("http://")]
    return local_web
