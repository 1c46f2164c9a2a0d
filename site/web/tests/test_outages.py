"""An outage ends by itself and is answered with 503. A bug is a 500 that reaches the log."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from psycopg import errors as postgres
from redis import ConnectionError as NoRedis

from sqlite.library import LIBRARY
from web.outages import is_outage


def fault(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM people_profile")
    return HttpResponse()


urlpatterns = [path("people/fault/", fault), path("", include("config.urls"))]
handler500 = "web.errors.server_error"


def caused_by(error: Exception) -> OperationalError:
    """Return the error as Django raises it."""
    raised = OperationalError(*error.args)
    raised.__cause__ = error
    return raised


def sqlite_error(folder: Path, provoke: Callable[[Path], object]) -> OperationalError:
    with pytest.raises(LIBRARY.OperationalError) as raised:
        provoke(folder)
    return caused_by(raised.value)


def execute(statement: str) -> Callable[[Path], object]:
    def provoke(folder: Path) -> None:
        with closing(LIBRARY.connect(folder / "db.sqlite3")) as database:
            database.execute("CREATE TABLE IF NOT EXISTS image (title)")
            database.execute(statement)

    return provoke


def write_while_locked(folder: Path) -> None:
    execute("SELECT 1")(folder)
    with (
        closing(LIBRARY.connect(folder / "db.sqlite3")) as one,
        closing(LIBRARY.connect(folder / "db.sqlite3", timeout=0)) as other,
    ):
        one.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def open_missing_file(folder: Path) -> None:
    LIBRARY.connect(folder / "nowhere" / "db.sqlite3")


@pytest.mark.parametrize("provoke", [write_while_locked, open_missing_file])
def test_a_lock_and_a_missing_file_are_outages_of_sqlite(
    tmp_path: Path, provoke: Callable[[Path], object]
) -> None:
    assert is_outage(sqlite_error(tmp_path, provoke))


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM nothing", "SELECT nothing FROM image", "SELECT FROM"]
)
def test_a_wrong_statement_is_not_an_outage_of_sqlite(tmp_path: Path, statement: str) -> None:
    assert not is_outage(sqlite_error(tmp_path, execute(statement)))


@pytest.mark.parametrize(
    "error",
    [
        postgres.OperationalError("connection refused"),
        postgres.LockNotAvailable(),
        postgres.DeadlockDetected(),
        postgres.DiskFull(),
        postgres.AdminShutdown(),
        postgres.TooManyConnections(),
    ],
)
def test_outages_of_postgresql_are_recognized(error: Exception) -> None:
    assert is_outage(caused_by(error))


def test_a_statement_that_is_too_complex_is_not_an_outage_of_postgresql() -> None:
    assert not is_outage(caused_by(postgres.StatementTooComplex()))


def test_a_redis_that_does_not_answer_is_an_outage() -> None:
    assert is_outage(NoRedis())


def test_other_errors_are_not_outages() -> None:
    assert not is_outage(ValueError())
    assert not is_outage(None)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_missing_column_is_answered_with_500_and_logged(
    ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    response = client.get("/people/fault/")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers
    assert any(record.exc_info for record in caplog.records)
