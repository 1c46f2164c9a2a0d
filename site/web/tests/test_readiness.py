"""Readiness: each service that pages need is tried, and a failing one is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from testing.stored_files import stored_names
from tools.servers.site import free_port
from web import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cached_result() -> Iterator[None]:
    health.failures.cache_clear()
    yield
    health.failures.cache_clear()


def test_the_site_is_ready_when_everything_works(client: Client, empty_storage: None) -> None:
    response = client.get("/readyz")
    version = ".".join(map(str, connection.get_database_version()))
    text = f"ok\n{connection.display_name} {version}\n"
    assert (response.status_code, response.text) == (200, text)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert Session.objects.count() == 0
    assert stored_names() <= {".ready"}


@pytest.mark.disk
def test_a_missing_media_folder_is_made(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "var" / "media")
    assert client.get("/readyz").status_code == 200


@pytest.mark.disk
def test_the_site_is_not_ready_if_files_cannot_be_written(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("No folder.")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "The media cannot be used.\n")
    assert "no-store" in response["Cache-Control"]


def test_the_site_is_not_ready_if_redis_does_not_answer(client: Client, settings: Any) -> None:
    settings.CACHE_URL = f"redis://127.0.0.1:{free_port()}"
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "The cache cannot be used.\n")


def test_the_site_is_not_ready_if_rate_limits_cannot_be_counted(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE web_ratelimit")
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "The cache cannot be used.\n")


def test_the_site_is_not_ready_while_a_migration_is_not_applied(client: Client) -> None:
    [newest] = MigrationLoader(None).graph.leaf_nodes("images")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "The database cannot be used.\n")


def test_frequent_requests_are_answered_from_the_last_check(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        for _ in range(30):
            client.get("/readyz")
