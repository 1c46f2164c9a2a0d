"""What all tests share: collected static files, files of their own, and three people."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from pytest_django import DjangoDbBlocker


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
def files_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep photos out of var/, and collect static files as the site itself does."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    # Those who run many tests one by one collect them once, which takes longer than most tests.
    if collected := os.environ.get("COLLECTED_STATIC"):
        settings.STATIC_ROOT = collected
    else:
        settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
        call_command("collectstatic", interactive=False, verbosity=0)
    # Or WhiteNoise goes through all of them for every client there is.
    settings.WHITENOISE_AUTOREFRESH = True


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
